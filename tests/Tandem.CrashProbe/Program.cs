namespace Tandem.CrashProbe;

/// <summary>A process that works until a test kills it. Each kind of work is one class; the first argument names it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["append", string folder, string firstNumber, string durability]:
                await AppendProbe.RunAsync(folder, firstNumber, durability);
                return 0;
            case ["append-amqp", string folder, string firstNumber, string address, string stream]:
                await AppendProbe.RunAmqpAsync(folder, firstNumber, address, stream);
                return 0;
            case ["compact", string store, string folder]:
                await CompactProbe.RunAsync(store, folder);
                return 0;
            case ["erase", string store, string folder, string id]:
                await EraseProbe.RunAsync(store, folder, id);
                return 0;
            case ["merge", string store]:
                await MergeProbe.MergeAsync(store);
                return 0;
            case ["vacuum", string store, string pinned]:
                await MergeProbe.VacuumAsync(store, pinned);
                return 0;
            case ["system", string spec, string firstNumber, string seed, string unanswered, string people]:
                await SystemProbe.RunAsync(spec, firstNumber, seed, unanswered, people);
                return 0;
            case ["features", string address, string password, string name, string seed]:
                await FeaturesProbe.RunAsync(address, password, name, seed);
                return 0;
            default:
                await Acknowledgement.SayAsync(
                    "usage: append <folder> <first number> <durability> | "
                    + "append-amqp <folder> <first number> <address> <stream> | compact <store> <folder> | "
                    + "erase <store> <folder> <id> | merge <store> | vacuum <store> <pinned manifest> | "
                    + "features <address> <password> <name> <seed> | "
                    + "system <file> <first number> <seed> <unanswered ranges> <people>");
                return 2;
        }
    }
}
