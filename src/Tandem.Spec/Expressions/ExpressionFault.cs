using Tandem.Faults;

namespace Tandem.Spec.Expressions;

/// <summary>What is wrong in an expression, on its way out of it.</summary>
#pragma warning disable CA1064, RCS1194 // Never leaves this room: Expression catches it.
internal sealed class ExpressionFault(int column, Fault fault) : Exception(fault.What)
#pragma warning restore CA1064, RCS1194
{
    public int Column { get; } = column;

    public Fault Fault { get; } = fault;
}
