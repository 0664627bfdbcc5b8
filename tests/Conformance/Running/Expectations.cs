using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Running;

/// <summary>What a response must be.</summary>
static class Expectations
{
    /// <exception cref="CheckFailedException">It is no success response.</exception>
    public static Incoming MustSucceed(this Incoming response)
    {
        Trial.Require(response.IsSuccess, $"the answer is {response}, not success");
        return response;
    }

    /// <exception cref="CheckFailedException">It is not one of these errors.</exception>
    public static Incoming MustBe(this Incoming response, params int[] errors)
    {
        Trial.Require(errors.Contains(response.Error), $"the answer is {response}, not {string.Join(" or ", errors)}");
        return response;
    }

    /// <exception cref="CheckFailedException">The attribute is missing.</exception>
    public static Incoming MustHave(this Incoming response, int attribute, string name)
    {
        Trial.Require(response.Has(attribute), $"{response} has no {name}");
        return response;
    }

    /// <exception cref="CheckFailedException">The attribute is there.</exception>
    public static Incoming MustNotHave(this Incoming response, int attribute, string name)
    {
        Trial.Require(!response.Has(attribute), $"{response} has {name}");
        return response;
    }
}
