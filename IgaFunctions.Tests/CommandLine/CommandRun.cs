using Iga.Tests.Embedded;

namespace Iga.Tests.CommandLine;

/// <summary>What a test of the command line has: what is printed, and a folder of its own.</summary>
public abstract class CommandRun : IDisposable
{
    private TemporaryFolder? _folder;

    private protected TemporaryFolder Folder => _folder ??= new();

    private protected StringWriter Output { get; } = new();

    private protected StringWriter Error { get; } = new();

    public void Dispose()
    {
        _folder?.Dispose();
        Output.Dispose();
        Error.Dispose();
        GC.SuppressFinalize(this);
    }
}
