using Portunus.Fuzz.Engine;
using Portunus.Fuzz.Targets;

namespace Portunus.Tests.Io.Fuzz;

/// <summary>The targets do what they are for: a short look here, an hour with <c>./test --long</c>.</summary>
public class FuzzTargetTests
{
    public static TheoryData<string> Targets => [.. TargetNames.All];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Valid_inputs_and_some_hundred_made_of_them_break_no_law(string name)
    {
        Coverage coverage = new();
        using var target = TargetNames.New(name);
        Campaign campaign = new(target, coverage, seed: 1);
        var found = campaign.Until(() => campaign.Runs >= 400);
        Assert.Null(found?.Broken);
        Assert.InRange(campaign.Runs, 400, 401);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_law_that_is_wrong_is_found_to_be(string name)
    {
        Coverage coverage = new();
        using var target = TargetNames.New(name, isPlanted: true);
        Campaign campaign = new(target, coverage, seed: 1);
        var found = campaign.Until(() => campaign.Runs >= 100_000);
        Assert.StartsWith("planted: ", Assert.IsType<Finding>(found?.Broken).Message, StringComparison.Ordinal);
        // The input says all: read back from its file it breaks the law again, and needs each of its steps.
        var again = Step.Read(Step.Write(found.Value.Steps));
        Assert.ThrowsAny<Finding>(() => target.Run(again, coverage));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300)]
    public void An_input_is_read_from_its_file_as_it_was(int length)
    {
        List<Step> steps = [new(1, 2, new byte[length]), new(3, 255, [1, 2, 3])];
        var read = Step.Read(Step.Write(steps));
        Assert.Equal(steps.Select(step => (step.Kind, step.Arg, Convert.ToHexString(step.Bytes))),
            read.Select(step => (step.Kind, step.Arg, Convert.ToHexString(step.Bytes))));
    }
}
