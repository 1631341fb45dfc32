using System.Net.Sockets;
using System.Text;

namespace Iga.Bench.Systems;

/// <summary>As much of Redis's protocol as the bench needs to read and to fill the peer's result backend.</summary>
internal sealed class RedisLine : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly StreamReader _answers;

    public RedisLine(int port)
    {
        _socket.Connect("127.0.0.1", port);
        _answers = new StreamReader(new NetworkStream(_socket), Encoding.UTF8);
    }

    /// <returns>The value, or null when there is none.</returns>
    public async Task<string?> GetAsync(string key, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(Command("GET", key), cancellationToken);
        var length = int.Parse((await _answers.ReadLineAsync(cancellationToken))![1..], System.Globalization.CultureInfo.InvariantCulture);
        return length < 0 ? null : await _answers.ReadLineAsync(cancellationToken); // Celery's JSON is one line
    }

    public async Task SetAsync(IEnumerable<(string Key, string Value)> pairs, CancellationToken cancellationToken)
    {
        foreach (var some in pairs.Chunk(500))
        {
            var commands = some.SelectMany(pair => Command("SET", pair.Key, pair.Value)).ToArray();
            for (var sent = 0; sent < commands.Length;)
            {
                sent += await _socket.SendAsync(commands.AsMemory(sent), cancellationToken);
            }

            for (var answer = 0; answer < some.Length; answer++)
            {
                await _answers.ReadLineAsync(cancellationToken);
            }
        }
    }

    public void Dispose()
    {
        _answers.Dispose();
        _socket.Dispose();
    }

    private static byte[] Command(params string[] words)
    {
        var text = new StringBuilder($"*{words.Length}\r\n");
        foreach (var word in words)
        {
            text.Append($"${Encoding.UTF8.GetByteCount(word)}\r\n{word}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
