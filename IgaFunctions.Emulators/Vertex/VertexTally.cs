using System.Collections.Concurrent;
using System.Text.Json;
using Iga.Emulators.Hosting;

namespace Iga.Emulators.Vertex;

/// <summary>What the models were asked for and what they made.</summary>
internal sealed class VertexTally
{
    private const int Capacity = 10_000;

    private readonly BoundedLog<VertexCall> _log = new(Capacity);
    private readonly ConcurrentDictionary<string, int> _callsPerPrompt = new(StringComparer.Ordinal);
    private int _calls;
    private int _imagesMade;
    private int _imagesSent;

    public int Calls => Volatile.Read(ref _calls);

    public int ImagesMade => Volatile.Read(ref _imagesMade);

    public int ImagesSent => Volatile.Read(ref _imagesSent);

    public IReadOnlyList<VertexCall> Log => _log.ToList();

    public void CountCall() => Interlocked.Increment(ref _calls);

    public void CountMade(int pictures) => Interlocked.Add(ref _imagesMade, pictures);

    public void CountSent(int pictures) => Interlocked.Add(ref _imagesSent, pictures);

    public void Note(VertexCall call)
    {
        _log.Add(call);
        // Bounded like the log: a long load test with ever new prompts must not fill the memory.
        if (_callsPerPrompt.ContainsKey(call.Prompt) || _callsPerPrompt.Count < Capacity)
        {
            _callsPerPrompt.AddOrUpdate(call.Prompt, 1, (_, n) => n + 1);
        }
    }

    public void Reset()
    {
        _log.Clear();
        _callsPerPrompt.Clear();
        Interlocked.Exchange(ref _calls, 0);
        Interlocked.Exchange(ref _imagesMade, 0);
        Interlocked.Exchange(ref _imagesSent, 0);
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("calls", Calls);
        json.WriteNumber("images_made", ImagesMade);
        json.WriteNumber("images_sent", ImagesSent);
        json.WriteStartObject("calls_per_prompt");
        foreach (var (prompt, count) in _callsPerPrompt)
        {
            json.WriteNumber(prompt, count);
        }

        json.WriteEndObject();
    }
}
