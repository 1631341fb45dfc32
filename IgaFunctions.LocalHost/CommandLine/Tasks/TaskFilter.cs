using System.CommandLine;

namespace Iga.LocalHost.CommandLine.Tasks;

/// <summary>The options that choose among tasks.</summary>
internal sealed class TaskFilter
{
    private readonly Option<string?> _status = new("--status")
    {
        Description = "Only those in a state, or in one of several with commas between: PENDING, STARTED, RETRY, SUCCESS, FAILURE.",
        HelpName = "STATUS",
    };

    private readonly Option<string?> _workflow = new("--workflow") { Description = "Only those of a workflow.", HelpName = "ID" };

    private readonly Option<string?> _caller = new("--caller") { Description = "Only those that the API key of this name posted.", HelpName = "NAME" };

    public Command AddTo(Command command)
    {
        command.Add(_status);
        command.Add(_workflow);
        command.Add(_caller);
        return command;
    }

    /// <returns>What follows the path's first parameter, each with an ampersand before it.</returns>
    public string Query(ParseResult parsed, params IEnumerable<(string Name, string? Value)> others) => string.Concat(
        new[]
        {
            ("status", parsed.GetValue(_status)?.ToUpperInvariant()),
            ("workflow_id", parsed.GetValue(_workflow)),
            ("caller", parsed.GetValue(_caller)),
        }.Concat(others).Where(parameter => parameter.Item2 is not null).Select(parameter => $"&{parameter.Item1}={Uri.EscapeDataString(parameter.Item2!)}"));
}
