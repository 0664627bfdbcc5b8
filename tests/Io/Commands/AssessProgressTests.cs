using Portunus.Server.Commands;

namespace Portunus.Tests.Io.Commands;

/// <summary>What <c>portunus assess</c> says of how far it is.</summary>
public sealed class AssessProgressTests
{
    readonly TickingTime _time = new();
    readonly StringWriter _said = new() { NewLine = "\n" };

    [Fact]
    public void Where_it_is_no_terminal_half_a_minute_of_silence_ends_with_a_line_of_all_that_runs()
    {
        using var progress = new AssessProgress(_said, isTerminal: false, _time);
        progress.Tell(new("cells", 0, 27));
        progress.Tell(new("drills", 0, 5));
        progress.Tell(new("cells", 7, 27));
        progress.Tell(new("cells", 6, 27));
        _time.Advance(TimeSpan.FromSeconds(61));
        progress.Tell(new("cells", 9, 27, IsOver: true));
        progress.Tell(new("drills", 5, 5));
        progress.Tell(new("drills", 5, 5, IsOver: true));
        Assert.Equal(
            [
                "cells: 0 of 27", "drills: 0 of 5", "after 30 s: cells: 7 of 27; drills: 0 of 5",
                "after 60 s: cells: 7 of 27; drills: 0 of 5", "cells: 9 of 27", "drills: 5 of 5",
            ],
            Lines());
    }

    [Fact]
    public void Another_line_begins_the_half_minute_anew_and_the_end_ends_it()
    {
        using (var progress = new AssessProgress(_said, isTerminal: false, _time))
        {
            progress.Tell(new("cells", 0, 2));
            _time.Advance(TimeSpan.FromSeconds(20));
            progress.Tell(new("cells", 2, 2, IsOver: true));
            _time.Advance(TimeSpan.FromSeconds(29));
            Assert.Equal(2, Lines().Length);
            _time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("after 50 s: between two experiments", Lines()[^1]);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(3, Lines().Length);
    }

    [Fact]
    public void A_terminal_has_one_line_an_experiment_that_is_written_over()
    {
        using (var progress = new AssessProgress(_said, isTerminal: true, _time))
        {
            progress.Tell(new("cells", 0, 2));
            progress.Tell(new("cells", 2, 2));
            progress.Tell(new("cells", 2, 2, IsOver: true));
            progress.Tell(new("drills", 0, 5));
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("\rcells: 0 of 2   \rcells: 2 of 2   \n\rdrills: 0 of 5   \n", _said.ToString());
    }

    string[] Lines() => _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
