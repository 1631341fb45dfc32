namespace Iga.LocalHost.CommandLine.Generate;

/// <summary>What <c>generate</c> was asked for with several prompts.</summary>
/// <param name="Each">What holds for all of them; its prompt is not used, and its OutFile is a folder.</param>
/// <param name="Parallel">So many tasks at once.</param>
/// <param name="Name">Of the batch: part of the keys, so another name makes every picture anew.</param>
internal sealed record BatchArguments(IReadOnlyList<string> Prompts, GenerateArguments Each, int Parallel, string Name);
