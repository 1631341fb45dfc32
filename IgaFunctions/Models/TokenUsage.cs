namespace Iga.Models;

/// <summary>What a call used, in tokens, as the model counted it (<c>usageMetadata</c>). What it did not say is null.</summary>
/// <param name="Prompt">Of the request: words and reference pictures.</param>
/// <param name="Output">Of the answer: words and pictures, without what the model thought.</param>
/// <param name="Thoughts">Of what the model thought before it answered.</param>
public sealed record TokenUsage(long? Prompt, long? Output, long? Thoughts);
