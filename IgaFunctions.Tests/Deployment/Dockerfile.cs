using System.Text.Json;
using System.Text.RegularExpressions;
using Iga.Tests.Architecture;

namespace Iga.Tests.Deployment;

/// <summary>The instructions of a Dockerfile's last stage: those of the container that runs.</summary>
internal sealed partial class Dockerfile
{
    private readonly (string Name, string Arguments)[] _instructions;

    private Dockerfile(IEnumerable<(string, string)> instructions) => _instructions = [.. instructions];

    /// <summary>What ENV sets.</summary>
    public Dictionary<string, string?> Environment => Of("ENV")
        .SelectMany(arguments => Variable().Matches(arguments))
        .ToDictionary(match => match.Groups[1].Value, string? (match) => match.Groups[2].Value);

    /// <summary>The program and its first arguments; empty where the base image says it.</summary>
    public string[] EntryPoint => Of("ENTRYPOINT").Select(arguments => JsonSerializer.Deserialize<string[]>(arguments)!).SingleOrDefault([]);

    public string[] Ports => [.. Of("EXPOSE").SelectMany(arguments => arguments.Split(' '))];

    public string User => Of("USER").Last();

    /// <param name="folder">Whether the image has this folder, and gives it to the user that it runs as.</param>
    public bool GivesToItsUser(string folder) => Of("RUN").Any(command =>
        Regex.IsMatch(command, $@"\bchown (-R )?{Regex.Escape(User)} (\S+ )*{Regex.Escape(folder)}( |$)")
        && Regex.IsMatch(command, $@"\bmkdir (-p )?(\S+ )*{Regex.Escape(folder)}( |$)"));

    public static Dockerfile Read(string path)
    {
        var lines = File.ReadAllLines(Path.Combine(Sources.Root, path)).Where(line => !line.StartsWith('#') && line.Length > 0);
        var instructions = Continued().Replace(string.Join('\n', lines), " ").Split('\n')
            .Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1].Trim())).ToArray();
        return new Dockerfile(instructions.Skip(Array.FindLastIndex(instructions, one => one.Item1 == "FROM")));
    }

    private IEnumerable<string> Of(string name) => _instructions.Where(one => one.Name == name).Select(one => one.Arguments);

    [GeneratedRegex(@"\s*\\\n\s*")]
    private static partial Regex Continued();

    [GeneratedRegex(@"(\w+)=(\S*)")]
    private static partial Regex Variable();
}
