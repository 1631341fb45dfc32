namespace Iga.Webhooks;

/// <summary>What came of one POST to a receiver.</summary>
public abstract record WebhookAnswer
{
    private WebhookAnswer()
    {
    }

    /// <param name="RetryAfter">How long the receiver asks to be left alone; null where it does not.</param>
    public sealed record Answered(int Status, TimeSpan? RetryAfter) : WebhookAnswer;

    /// <param name="Error">Why there is no answer, in words that say nothing of the network.</param>
    public sealed record Failed(string Error) : WebhookAnswer;

    /// <summary>Nothing was sent: as many POSTs to this host are under way as may be.</summary>
    public sealed record Busy : WebhookAnswer;
}
