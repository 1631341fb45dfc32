namespace Iga.Bench.Chaos;

/// <summary>What was broken so far.</summary>
internal sealed class Tally
{
    private int _kills;
    private int _restarts;
    private int _databaseRestarts;
    private int _networkFaults;

    public int Kills => _kills;

    /// <summary>By SIGTERM.</summary>
    public int Restarts => _restarts;

    public int DatabaseRestarts => _databaseRestarts;

    public int NetworkFaults => _networkFaults;

    /// <summary>What went wrong with the breaking: a process that did not exit in time, or did not start again.</summary>
    public List<string> Complaints { get; } = [];

    public void Kill() => Interlocked.Increment(ref _kills);

    public void Restart() => Interlocked.Increment(ref _restarts);

    public void DatabaseRestart() => Interlocked.Increment(ref _databaseRestarts);

    public void NetworkFault() => Interlocked.Increment(ref _networkFaults);

    public void Complain(string what)
    {
        lock (Complaints)
        {
            Complaints.Add(what);
        }
    }
}
