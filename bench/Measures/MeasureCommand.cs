using System.CommandLine;
using Iga.Bench.Limits;

namespace Iga.Bench.Measures;

/// <summary>What the bench does when no command is given: measures.</summary>
internal static class MeasureCommand
{
    private static readonly IMeasure[] All =
    [
        new AcceptMeasure(), new ListMeasure(), new OverheadMeasure(), new ThroughputMeasure(), new ConcurrencyMeasure(), new CrowdMeasure(), new PollMeasure(),
        new StartMeasure(), new IdleMeasure(), new GrowthMeasure(), new RecoveryMeasure(), new EngineMeasure(), new PostgresLimit(), new KestrelLimit(), new PictureLimit(),
    ];

    public static RootCommand Create()
    {
        var only = new Option<string[]>("--only")
        {
            Description = $"Some of the measures, separated by commas: {string.Join(", ", All.Select(measure => measure.Name))}.",
            CustomParser = result => [.. result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries))],
        };
        var quick = new Option<bool>("--quick") { Description = "Little load: checks that everything works; the times mean nothing." };
        var noPeer = new Option<bool>("--no-peer") { Description = "Leaves out the system that was replaced." };
        var install = new Option<bool>("--install") { Description = "As root: installs the Debian packages that the peer needs." };
        var rounds = new Option<int?>("--rounds") { Description = "How often each measure is taken; by default 3, with --quick 1." };
        var against = new Option<string?>("--against")
        {
            Description = "A checkout, or a folder with a published local host, of another version: it is measured beside, in turns.",
        };
        var output = new Option<string>("--out") { Description = "The folder for the report.", DefaultValueFactory = _ => "bench-results" };
        only.Validators.Add(result =>
        {
            foreach (var name in (result.GetValue(only) ?? []).Where(name => All.All(measure => measure.Name != name)))
            {
                result.AddError($"--only: there is no measure '{name}'.");
            }
        });
        rounds.Validators.Add(result =>
        {
            if (result.GetValue(rounds) is < 1 or > 100)
            {
                result.AddError("--rounds must be 1 to 100.");
            }
        });

        var command = new RootCommand("Measures IGA beside the system that it replaces, and tries to break it.")
        {
            only, quick, noPeer, install, rounds, against, output,
        };
        command.SetAction((parsed, cancellationToken) => MeasureRun.ExecuteAsync(
            new MeasureOptions(
                [.. All.Where(measure => parsed.GetValue(only) is not { Length: > 0 } names || names.Contains(measure.Name))],
                new Settings(parsed.GetValue(quick), parsed.GetValue(rounds) ?? (parsed.GetValue(quick) ? 1 : 3)),
                !parsed.GetValue(noPeer), parsed.GetValue(install), parsed.GetValue(against), parsed.GetValue(output)!),
            cancellationToken));
        return command;
    }
}
