using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What is asked, and of which solutions.</summary>
static class QuestionSection
{
    public static Section Of(AssessmentResult result) => new("question", "The question",
    [
        new Paragraph("Who should make the credential of a client, and how does the TURN server come to know it? A contribution to the "
            + "study weighed the answers by argument. Here each is run in each of three ways to register, and what it costs is taken "
            + "from the run. docs/study.md says where the claims come from."),
        new Table("The solutions", ["name", "who makes the credential", "how the TURN server knows it"],
        [
            ["S0", "nobody: the SIP password is used again", "it reads the subscribers' digests"],
            ["OAuth", "the WAF, by HTTPS, as a token of RFC 7635; fetched cold, over a warm connection, or before it is needed",
                "it opens the token with a key that it shares with the WAF"],
            ["A1", "the eP-CSCF, in a header of a SIP answer", "it computes it again from a secret that it shares with the eP-CSCF"],
            ["A2", "the eP-CSCF, at random, in the same header",
                "it is told (push), it asks (pull), or it is part of the media gateway that the eP-CSCF controls (integrated)"],
            ["Combined", "the eP-CSCF, in the same header, but a token of RFC 7635", "as with OAuth, with a key that stays with the "
                + "operator"],
        ]),
        new Bullets(
            "S1: the subscriber is authenticated by the core, here by SIP Digest.",
            "S2: by a web login, whose token the eP-CSCF turns into trusted node authentication.",
            "S3: as S2, with an identity lent from a pool."),
    ]);
}
