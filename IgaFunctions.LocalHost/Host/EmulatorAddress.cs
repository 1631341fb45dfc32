using System.Globalization;

namespace Iga.LocalHost.Host;

/// <summary>The file in which the host that runs an emulator tells the others of its address and its process, on one line.</summary>
internal sealed class EmulatorAddress(string file)
{
    /// <returns>Null when nothing usable is there. What is there may be of a host that has ended.</returns>
    public (Uri Address, int ProcessId)? Read()
    {
        try
        {
            return File.ReadAllText(file).Split(' ') is [var address, var process]
                && Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.IsLoopback
                && int.TryParse(process, CultureInfo.InvariantCulture, out var id)
                ? (uri, id)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Call it with the emulator's lock held.</summary>
    public void Write(Uri address)
    {
        var fresh = $"{file}.new";
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"{address} {Environment.ProcessId}"));
        File.Move(fresh, file, overwrite: true);
    }

    public void Delete() => File.Delete(file);
}
