using System.Security.Cryptography;
using System.Text;

namespace Iga.Bench.Sites;

/// <summary>What a customer asks for under one key, and what became of it. The prompt is the key.</summary>
internal sealed class Order(string key)
{
    private readonly Lock _gate = new();
    private readonly List<Guid> _tasks = [];
    private readonly List<string> _complaints = [];

    public string Key => key;

    /// <summary>What the names of the key's objects begin with.</summary>
    public string ObjectStem { get; } =
        $"{Site.Prefix}iga_req_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..16]}_";

    /// <summary>The tasks that were promised by a 202, in the order in which they were.</summary>
    public IReadOnlyList<Guid> Tasks
    {
        get
        {
            lock (_gate)
            {
                return [.. _tasks];
            }
        }
    }

    public bool IsAccepted => Tasks.Count > 0;

    /// <summary>How the last task ended: SUCCESS or FAILURE, null while it did not.</summary>
    public string? Status { get; set; }

    /// <summary>The object of a SUCCESS, the kind of a FAILURE.</summary>
    public string? Result { get; set; }

    /// <summary>Answers that the contract does not know.</summary>
    public IReadOnlyList<string> Complaints
    {
        get
        {
            lock (_gate)
            {
                return [.. _complaints];
            }
        }
    }

    public void Promise(Guid task)
    {
        lock (_gate)
        {
            if (!_tasks.Contains(task))
            {
                _tasks.Add(task);
            }
        }
    }

    public void Complain(string what)
    {
        lock (_gate)
        {
            _complaints.Add(what);
        }
    }
}
