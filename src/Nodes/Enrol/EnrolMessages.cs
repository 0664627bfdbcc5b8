using System.Text.Json.Serialization;

namespace Portunus.Nodes.Enrol;

/// <summary>What a node asks for.</summary>
sealed record EnrolRequest(string? Name, string? Secret, string? Request)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"enrolment of {Name}";
}

/// <summary>PEM: the node's certificate, and that of the authority.</summary>
sealed record EnrolAnswer(string? Certificate, string? Authority);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EnrolRequest))]
[JsonSerializable(typeof(EnrolAnswer))]
sealed partial class EnrolJson : JsonSerializerContext;
