namespace Iga.Keys;

/// <summary>What a new task reserves of what the service may spend on a day (UTC). US dollars.</summary>
/// <param name="Usd">What its picture costs at most.</param>
/// <param name="UnknownUsd">What a task under way counts as that has reserved nothing: it was accepted while there was no limit.</param>
/// <param name="DailyLimit">What the pictures of a day and those of the tasks under way may cost together.</param>
public sealed record Reservation(decimal Usd, decimal UnknownUsd, decimal DailyLimit);
