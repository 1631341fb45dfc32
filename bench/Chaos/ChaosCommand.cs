using System.CommandLine;

namespace Iga.Bench.Chaos;

/// <summary><c>chaos</c>: breaks everything at random for a while and checks that no guarantee is broken.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes")
        {
            Description = "How long tasks come and things break.",
            DefaultValueFactory = _ => 10,
        };
        var seed = new Option<int?>("--seed") { Description = "Decides what breaks when; by default a new one." };
        var processes = new Option<int>("--processes")
        {
            Description = "How many local hosts share the database.",
            DefaultValueFactory = _ => 3,
        };
        var rate = new Option<double>("--tasks-per-second")
        {
            Description = "How many new keys are posted a second.",
            DefaultValueFactory = _ => 20,
        };
        minutes.Validators.Add(result => Require(result, result.GetValue(minutes) is > 0 and <= 1440, "a number up to 1440"));
        processes.Validators.Add(result => Require(result, result.GetValue(processes) is >= 1 and <= 16, "1 to 16"));
        rate.Validators.Add(result => Require(result, result.GetValue(rate) is > 0 and <= 1000, "a number up to 1000"));

        var command = new Command(
            "chaos",
            "Kills processes, restarts PostgreSQL, breaks the network and scripts faults of the model and the bucket while tasks "
            + "run. Prints one table; ends with 1 if a guarantee was broken.")
        {
            minutes, seed, processes, rate,
        };
        command.SetAction((parsed, cancellationToken) => ChaosRun.ExecuteAsync(
            new ChaosOptions(
                TimeSpan.FromMinutes(parsed.GetValue(minutes)), parsed.GetValue(seed) ?? Random.Shared.Next(100_000),
                parsed.GetValue(processes), parsed.GetValue(rate)),
            cancellationToken));
        return command;
    }

    private static void Require(System.CommandLine.Parsing.OptionResult result, bool isGood, string allowed)
    {
        if (!isGood)
        {
            result.AddError($"{result.Option.Name} must be {allowed}.");
        }
    }
}
