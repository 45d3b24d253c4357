using System.Runtime.CompilerServices;

// Native structures pass by value exactly as they lie in memory.
[assembly: DisableRuntimeMarshalling]
