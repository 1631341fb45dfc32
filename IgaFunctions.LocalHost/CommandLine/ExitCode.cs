namespace Iga.LocalHost.CommandLine;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>What was asked for could not be done; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line was not understood, or asks for what can't be had: nothing was started.</summary>
    public const int Usage = 2;

    /// <summary>Called off with Ctrl+C: 128 + SIGINT, as shells have it.</summary>
    public const int Cancelled = 130;
}
