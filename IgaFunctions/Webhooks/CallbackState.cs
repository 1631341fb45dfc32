namespace Iga.Webhooks;

/// <summary>How far the delivery of a webhook has got.</summary>
public static class CallbackState
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string GivenUp = "given_up";
}
