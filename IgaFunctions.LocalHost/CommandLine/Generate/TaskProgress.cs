using System.Globalization;
using Spectre.Console;

namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>Shows how a task is doing: a spinner on a terminal, one plain line a state elsewhere.</summary>
/// <param name="terminal">Null where there is none.</param>
internal sealed class TaskProgress(IAnsiConsole? terminal, TextWriter plain)
{
    /// <summary>On standard error, since standard output is for the result.</summary>
    public static IAnsiConsole? Terminal()
    {
        // Told, since Spectre.Console would look at standard output, which may be redirected.
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Error),
            Interactive = InteractionSupport.Yes,
        });
        return Console.IsErrorRedirected || !console.Profile.Capabilities.Ansi ? null : console;
    }

    /// <param name="beginning">What the spinner shows first.</param>
    /// <param name="work">Is given what to call with each state and the time since the start.</param>
    public Task<T> RunAsync<T>(string beginning, Func<Action<string, TimeSpan>, Task<T>> work)
    {
        if (terminal is not null)
        {
            return terminal.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(beginning), spinner =>
                work((state, elapsed) => spinner.Status($"{Markup.Escape(Words(state))} {Seconds(elapsed)}")));
        }

        string? shown = null;
        return work((state, elapsed) =>
        {
            if (state != shown)
            {
                shown = state;
                plain.WriteLine($"{Words(state)} {Seconds(elapsed)}");
            }
        });
    }

    /// <summary>Tells something that stays on the screen, above the spinner where there is one.</summary>
    public void Tell(string line)
    {
        if (terminal is not null)
        {
            terminal.WriteLine(line);
        }
        else
        {
            plain.WriteLine(line);
        }
    }

    public static string Seconds(TimeSpan elapsed) =>
        elapsed.TotalSeconds.ToString(elapsed.TotalSeconds < 10 ? "0.0" : "0", CultureInfo.InvariantCulture) + " s";

    public static string Words(string state) => state switch
    {
        "PENDING" => "Waiting to begin",
        "STARTED" => "Generating",
        "RETRY" => "Google is busy or out of reach, waiting to try again",
        "SUCCESS" => "Downloading",
        _ => state,
    };
}
