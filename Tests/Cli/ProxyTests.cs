using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using GatysGpu.Tests.Weights;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys weights fetch</c> in a process of its own, which knows of a proxy.</summary>
/// <remarks>It takes half a minute: the program pauses between its attempts.</remarks>
public class ProxyTests
{
    [Test]
    public void WeightsFetch_WithAProxyVariable_AsksTheProxyForEveryMirror()
    {
        using ScratchFolder folder = new();
        using TcpListener proxy = new(IPAddress.Loopback, 0);
        proxy.Start();
        List<string> requests = [];
        Task server = RefuseAll(proxy, requests);

        string program = typeof(GatysGpu.Cli.Commands.StylizeCommand).Assembly.Location;
        ProcessStartInfo info = new("dotnet", ["exec", program, "weights", "fetch"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.Environment["XDG_CACHE_HOME"] = folder.Root;
        info.Environment["no_proxy"] = "";
        info.Environment["https_proxy"] = $"http://127.0.0.1:{((IPEndPoint)proxy.LocalEndpoint).Port}";
        using Process child = Process.Start(info)!;
        Task<string> output = child.StandardOutput.ReadToEndAsync();
        string error = child.StandardError.ReadToEnd();
        Assert.That(child.WaitForExit(TimeSpan.FromMinutes(2)), Is.True, "it did not end");
        proxy.Stop();
        server.Wait();

        Assert.That(child.ExitCode, Is.EqualTo(2), error + output.Result);
        Assert.That(requests, Has.Some.StartsWith("CONNECT storage.googleapis.com:443"));
        Assert.That(requests, Has.Some.StartsWith("CONNECT github.com:443"), "the second mirror");
        Assert.That(error, Does.Contain("storage.googleapis.com"), "the message says where the file can be had by hand");
    }

    // A proxy that answers every request with 502, so that nothing leaves this machine.
    private static async Task RefuseAll(TcpListener listener, List<string> requests)
    {
        while (true)
            try
            {
                using TcpClient client = await listener.AcceptTcpClientAsync();
                using StreamReader reader = new(client.GetStream());
                requests.Add(await reader.ReadLineAsync() ?? "");
                while (await reader.ReadLineAsync() is { Length: > 0 }) { }
                await client.GetStream().WriteAsync("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
            catch (IOException)
            {
                // The program closed the connection first.
            }
    }
}
