using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Iga.LocalHost.Http;

/// <summary>How Kestrel is set up for functions.</summary>
internal static class FunctionServer
{
    public static void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;

        // Latin-1 takes every byte, so that odd ones reach the functions' validation instead of ending as a bare 400.
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;

        // The functions bound the bodies that they read, with their own answer. The minimum data rates stay: slow senders
        // can't hold connections for ever.
        kestrel.Limits.MaxRequestBodySize = null;
    }
}
