namespace TensorCell.Jupyter.Tests;

/// <summary>Debian's jupyter_client and nbclient drive the kernel; each check is a function of Clients/kernel_client.py.</summary>
public sealed class ClientTests(ClientFixture fixture, ITestOutputHelper output) : IClassFixture<ClientFixture>
{
    [Theory]
    [InlineData("specification")]
    [InlineData("kernel_info")]
    [InlineData("execute")]
    [InlineData("streams")]
    [InlineData("displays")]
    [InlineData("complete")]
    [InlineData("inspect")]
    [InlineData("is_complete")]
    [InlineData("history")]
    [InlineData("interrupt")]
    [InlineData("stop_on_error")]
    [InlineData("stdin")]
    [InlineData("restart")]
    [InlineData("sudden_death")]
    [InlineData("comms")]
    [InlineData("foreign_messages")]
    [InlineData("at_once")]
    [InlineData("many_cells")]
    [InlineData("flood")]
    [InlineData("parent_death")]
    [InlineData("ipc")]
    public void With_jupyter_client(string check)
    {
        PythonClient.Need("jupyter_client");
        output.WriteLine(fixture.Check(check));
    }

    [Fact]
    public void With_nbclient()
    {
        PythonClient.Need("jupyter_client", "nbclient", "nbformat");
        output.WriteLine(fixture.Check("notebook"));
    }
}
