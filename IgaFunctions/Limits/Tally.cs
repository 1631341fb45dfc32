namespace Iga.Limits;

/// <summary>
/// How many tasks have not ended and what they will cost: what the last count of the table found, what this process has added
/// since, and what it is about to add. What is added during a count may count twice until the next one: a task is refused too early
/// then, never taken too late. For use under a lock.
/// </summary>
internal sealed class Tally
{
    private (int Tasks, decimal Usd) _counted, _added, _entering, _addedBeforeCount;

    public int Tasks => _counted.Tasks + _added.Tasks + _entering.Tasks;

    public decimal Usd => _counted.Usd + _added.Usd + _entering.Usd;

    public void Enter(decimal usd) => _entering = (_entering.Tasks + 1, _entering.Usd + usd);

    /// <param name="isTask">It has become a task, which the next count will find.</param>
    public void Leave(decimal usd, bool isTask)
    {
        _entering = (_entering.Tasks - 1, _entering.Usd - usd);
        if (isTask)
        {
            _added = (_added.Tasks + 1, _added.Usd + usd);
        }
    }

    public void BeginCount() => _addedBeforeCount = _added;

    public void Counted(int tasks, decimal usd)
    {
        _counted = (tasks, usd);
        _added = (_added.Tasks - _addedBeforeCount.Tasks, _added.Usd - _addedBeforeCount.Usd);
    }
}
