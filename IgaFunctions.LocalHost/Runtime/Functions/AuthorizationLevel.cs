namespace Iga.LocalHost.Runtime;

/// <summary>Which key a call must bring. Here, everything but <see cref="Anonymous"/> needs one of the API keys.</summary>
public enum AuthorizationLevel
{
    Anonymous = 0,
    User = 1,
    Function = 2,
    System = 3,
    Admin = 4,
}
