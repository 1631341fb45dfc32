namespace Iga.LocalHost.CommandLine;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>For the help of every verb.</summary>
    public const string Help = """
        Exit codes:
          0    done; what was looked at is well
          1    failed, or something is wrong; standard error says what
          2    a wrong option or value, nothing was started
          3    status: the task has not ended yet
          130  called off with Ctrl+C
        """;

    public const int Success = 0;

    /// <summary>What was asked for could not be done; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or asks for what can't be had: nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>What was asked about has not ended yet.</summary>
    public const int NotEnded = 3;

    /// <summary>Called off with Ctrl+C: 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
