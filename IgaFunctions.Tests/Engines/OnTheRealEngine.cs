using Iga.Tests.EndToEnd;
using Iga.Tests.Page;

namespace Iga.Tests.Engines;

/// <summary>The end-to-end suite again, on Microsoft's engine.</summary>
[CollectionDefinition]
public sealed class OnTheRealEngine : ICollectionFixture<RealEngineService>
{
    [Collection(typeof(OnTheRealEngine))]
    public sealed class GeneratedImage(RealEngineService service) : GeneratedImageTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Idempotency(RealEngineService service) : IdempotencyTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class RejectedHeader(RealEngineService service) : RejectedHeaderTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class RejectedBody(RealEngineService service) : RejectedBodyTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Failure(RealEngineService service) : FailureTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Head(RealEngineService service) : HeadTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskImage(RealEngineService service) : TaskImageTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskImageFault(RealEngineService service) : TaskImageFaultTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskImageRedirect(RealEngineService service) : TaskImageRedirectTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Cancel(RealEngineService service) : CancelTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Retry(RealEngineService service) : RetryTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskDetails(RealEngineService service) : TaskDetailsTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Wait(RealEngineService service) : WaitTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskList(RealEngineService service) : TaskListTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class TaskEvents(RealEngineService service) : TaskEventsTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class Webhook(RealEngineService service) : WebhookTests(service.OrSkip());

    [Collection(typeof(OnTheRealEngine))]
    public sealed class ThePage(RealEngineService service, PageBrowser browser) : PageTests(service.OrSkip(), browser);
}
