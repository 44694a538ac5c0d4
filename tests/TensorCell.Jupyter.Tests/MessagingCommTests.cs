using System.Text.Json.Nodes;
using TensorCell.Jupyter.Messaging;

namespace TensorCell.Jupyter.Tests;

public class MessagingCommTests
{
    [Fact]
    public void A_comm_opens_for_a_registered_target_carries_data_both_ways_and_closes()
    {
        var sent = new List<string>();
        var heard = new List<string>();
        var registry = new CommRegistry();
        registry.Register("chart", (comm, data) =>
        {
            heard.Add($"open {data}");
            comm.Received = (message, buffers) => heard.Add($"{message} {buffers.Count}");
            comm.Closed = () => heard.Add("closed");
            comm.Send(JsonValue.Create(1));
        });
        Comm Create(string id, string target) => new(id, target, (type, content, _) => sent.Add($"{type} {content["comm_id"]} {content["data"]}"));
        Assert.False(registry.TryOpen(Create("a", "unknown"), null));
        Assert.True(registry.TryOpen(Create("b", "chart"), JsonValue.Create(7)));
        Assert.Equal("b", Assert.Single(registry.Open("chart")).Id);
        Assert.Empty(registry.Open("unknown"));
        Assert.True(registry.TryReceive("b", JsonValue.Create(8), [[1], [2]]));
        Assert.False(registry.TryReceive("a", null, []));
        registry.Open(null).Single().Close(JsonValue.Create(9));
        registry.Close("b");
        Assert.Empty(registry.Open(null));
        Assert.Equal(["open 7", "8 2", "closed"], heard);
        Assert.Equal(["comm_msg b 1", "comm_close b 9"], sent);
    }
}
