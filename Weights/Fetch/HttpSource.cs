using System.Net;
using System.Net.Http.Headers;

namespace GatysGpu.Weights.Fetch;

/// <summary>Why a mirror could not be used: the reason in words, without a full stop.</summary>
/// <param name="reason">The reason.</param>
/// <param name="again">Whether another attempt at the same mirror may succeed.</param>
/// <param name="afresh">Whether that attempt must not go on from what is here.</param>
internal sealed class MirrorException(string reason, bool again, bool afresh = false) : Exception(reason)
{
    public bool Again => again;
    public bool Afresh => afresh;
}

/// <summary>One address, read from any byte on, with a limit on silence.</summary>
/// <remarks>RFC 9110, section 14: a server answers a Range request with 206 and the part, or ignores it and answers 200 with
/// all.</remarks>
internal sealed class HttpSource(HttpClient client, Uri address, TimeSpan stall)
{
    /// <summary>The address.</summary>
    public Uri Address => address;

    /// <summary>What a server began to send.</summary>
    /// <param name="Message">The reply, to dispose of.</param>
    /// <param name="Start">Offset of its first byte; 0 if the server ignored the range.</param>
    /// <param name="Total">Length of the whole file, or null.</param>
    /// <param name="Tag">What identifies this version of the file (ETag or Last-Modified), or null.</param>
    public sealed record Reply(HttpResponseMessage Message, long Start, long? Total, string? Tag) : IDisposable
    {
        public void Dispose() => Message.Dispose();
    }

    /// <summary>Asks for bytes [from, to), or to the end.</summary>
    /// <exception cref="MirrorException">The server cannot be reached, refuses, or answers with another range.</exception>
    public async Task<Reply> Ask(long from, long? to, CancellationToken cancel)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, address);
        if (from > 0 || to is not null) request.Headers.Range = new RangeHeaderValue(from, to - 1);
        // A compressed reply would have no ranges and no length.
        request.Headers.AcceptEncoding.ParseAdd("identity");
        HttpResponseMessage message = await Limited(token => client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead,
            token), cancel);
        try
        {
            string? tag = message.Headers.ETag?.ToString() ?? message.Content.Headers.LastModified?.ToString("R");
            if (message.StatusCode == HttpStatusCode.PartialContent)
            {
                ContentRangeHeaderValue? range = message.Content.Headers.ContentRange;
                if (range?.From != from)
                    throw new MirrorException($"sent bytes from {range?.From} on, asked for {from}", again: false);
                return new Reply(message, from, range.Length, tag);
            }
            if (message.StatusCode == HttpStatusCode.OK) return new Reply(message, 0, message.Content.Headers.ContentLength, tag);
            if (message.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
                throw new MirrorException($"has no bytes from {from} on", again: true, afresh: true);
            // Too many requests and failures of a server pass; that a file is not there does not.
            bool again = (int)message.StatusCode is 408 or 429 or >= 500;
            throw new MirrorException($"answers {(int)message.StatusCode} {message.ReasonPhrase}", again);
        }
        catch
        {
            message.Dispose();
            throw;
        }
    }

    /// <summary>The next bytes of a reply; 0 at its end.</summary>
    /// <exception cref="MirrorException">The connection broke, or nothing came in time.</exception>
    public Task<int> Read(Stream stream, Memory<byte> buffer, CancellationToken cancel) =>
        Limited(async token => await stream.ReadAsync(buffer, token), cancel);

    /// <summary>The stream of a reply's bytes.</summary>
    public Task<Stream> Open(Reply reply, CancellationToken cancel) =>
        Limited(token => reply.Message.Content.ReadAsStreamAsync(token), cancel);

    private async Task<T> Limited<T>(Func<CancellationToken, Task<T>> act, CancellationToken cancel)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(stall);
        try
        {
            return await act(limit.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new MirrorException($"sent nothing for {stall.TotalSeconds:0.#} seconds", again: true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new MirrorException(e.GetBaseException().Message.TrimEnd('.'), again: true);
        }
    }
}
