using System.Net;
using System.Net.Sockets;
using System.Text;

namespace GatysGpu.Tests.Weights;

/// <summary>How the server treats one request.</summary>
internal enum Manners
{
    /// <summary>Ranges and lengths as they should be.</summary>
    Good,

    /// <summary>Sends all, whatever was asked for.</summary>
    IgnoresRanges,

    /// <summary>Promises all and closes the connection after a part.</summary>
    Cuts,

    /// <summary>Promises one byte less than there is and says the file is that long.</summary>
    SaysWrongLength,

    /// <summary>The right length, one wrong byte.</summary>
    SendsWrongBytes,

    /// <summary>Sends a part, then nothing.</summary>
    Stalls,

    /// <summary>Takes the request and never answers.</summary>
    NeverAnswers,

    /// <summary>404.</summary>
    LacksIt,

    /// <summary>503.</summary>
    IsBusy,
}

/// <summary>A web server on the loopback interface with one file and manners of a test's choosing.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly byte[] content;
    private readonly Func<int, Manners> manners;

    /// <summary>Starts it.</summary>
    /// <param name="content">The file.</param>
    /// <param name="manners">What to do at request 0, 1, 2, …</param>
    public LoopbackServer(byte[] content, Func<int, Manners> manners)
    {
        (this.content, this.manners) = (content, manners);
        listener.Start();
        _ = Serve();
    }

    /// <summary>Where the file is.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/file");

    /// <summary>What identifies the file's version.</summary>
    public string Tag { get; set; } = "\"1\"";

    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    /// <summary>Bytes of the file that were sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>First byte that each request asked for.</summary>
    public List<long> Starts { get; } = [];

    /// <summary>Bytes after which a cut or stall happens.</summary>
    public int PartLength { get; set; } = 1000;

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
    }

    private async Task Serve()
    {
        while (!stop.IsCancellationRequested)
            try
            {
                TcpClient connection = await listener.AcceptTcpClientAsync(stop.Token);
                _ = Handle(connection);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
    }

    private async Task Handle(TcpClient connection)
    {
        using TcpClient _ = connection;
        try
        {
            NetworkStream stream = connection.GetStream();
            string request = await ReadHead(stream);
            Manners how;
            (long from, long to) = Range(request);
            lock (Starts)
            {
                how = manners(Requests++);
                Starts.Add(from);
            }
            await Answer(stream, how, from, to, request.Contains("\r\nRange:", StringComparison.OrdinalIgnoreCase));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException)
        {
            // The client went away.
        }
    }

    private async Task Answer(NetworkStream stream, Manners how, long from, long to, bool ranged)
    {
        if (how == Manners.NeverAnswers) await Task.Delay(Timeout.Infinite, stop.Token);
        if (how is Manners.LacksIt or Manners.IsBusy)
        {
            await Send(stream, $"HTTP/1.1 {(how == Manners.LacksIt ? "404 Not Found" : "503 Service Unavailable")}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return;
        }
        if (how == Manners.IgnoresRanges) (from, to, ranged) = (0, content.Length, false);
        long total = how == Manners.SaysWrongLength ? content.Length - 1 : content.Length;
        to = Math.Min(to, total);
        if (from >= total)
        {
            await Send(stream, $"HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{total}\r\nContent-Length: "
                + $"0\r\nConnection: close\r\n\r\n");
            return;
        }
        string range = ranged ? $"Content-Range: bytes {from}-{to - 1}/{total}\r\n" : "";
        await Send(stream, $"HTTP/1.1 {(ranged ? "206 Partial Content" : "200 OK")}\r\nContent-Length: {to - from}\r\n{range}"
            + $"ETag: {Tag}\r\nConnection: close\r\n\r\n");
        byte[] part = content[(int)from..(int)to];
        if (how == Manners.SendsWrongBytes) part[part.Length / 2] ^= 1;
        int length = how is Manners.Cuts or Manners.Stalls ? Math.Min(PartLength, part.Length - 1) : part.Length;
        await stream.WriteAsync(part.AsMemory(0, length), stop.Token);
        Sent += length;
        if (how == Manners.Stalls) await Task.Delay(Timeout.Infinite, stop.Token);
    }

    private Task Send(NetworkStream stream, string head) => stream.WriteAsync(Encoding.ASCII.GetBytes(head), stop.Token).AsTask();

    private async Task<string> ReadHead(NetworkStream stream)
    {
        StringBuilder head = new();
        byte[] buffer = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(buffer, stop.Token) == 0) throw new IOException("closed");
            head.Append((char)buffer[0]);
        }
        return head.ToString();
    }

    private (long From, long To) Range(string request)
    {
        int at = request.IndexOf("Range: bytes=", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return (0, content.Length);
        string[] ends = request[(at + 13)..request.IndexOf("\r\n", at, StringComparison.Ordinal)].Split('-');
        return (long.Parse(ends[0]), ends[1].Length == 0 ? content.Length : long.Parse(ends[1]) + 1);
    }
}
