using Portunus.Tests.Conformance.Targets;

namespace Portunus.Tests.Conformance.Running;

/// <summary>Marks a method that shows one rule of an RFC at any target.</summary>
/// <param name="section">RFC and section of the rule, like "8656 7.2".</param>
/// <param name="needs">What the target must have.</param>
[AttributeUsage(AttributeTargets.Method)]
sealed class CheckAttribute(string section, Needs needs = Needs.None) : Attribute
{
    public string Section => section;

    public Needs Needs => needs;
}

/// <summary>A target did not do what a check asked of it; the message says what it did.</summary>
sealed class CheckFailedException(string message) : Exception(message);

/// <summary>A check found that the target does not have what it is about.</summary>
sealed class NotOfferedException(string message) : Exception(message);
