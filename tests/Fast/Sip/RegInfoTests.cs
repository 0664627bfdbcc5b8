using System.Text;
using CsCheck;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class RegInfoTests
{
    static readonly RegInfo Example = new(7, IsFull: false,
    [
        new("sip:alice@ims.example.net", "r1", RegInfoState.Active,
        [
            new("c1", RegInfoEvent.Shortened, "sip:a&b@x.invalid;transport=ws")
            {
                Expires = 60, Parameters = [new("+sip.instance", "<urn:uuid:1>"), new("reg-id", "1"), new("video")],
            },
            new("c2", RegInfoEvent.Probation, "sip:c@y.invalid") { RetryAfter = 30 },
        ]),
        new("tel:+1", "r2", RegInfoState.Init, []),
    ]);

    [Fact]
    public void What_is_written_is_read_as_it_was()
    {
        var read = Read(Encoding.UTF8.GetString(Example.ToBytes()));
        Assert.Equal((7u, false), (read.Version, read.IsFull));
        Assert.Equal(Encoding.UTF8.GetString(Example.ToBytes()), Encoding.UTF8.GetString(read.ToBytes()));
    }

    [Fact]
    public void The_form_of_another_registrar_is_read()
    {
        // As Kamailio 5.6 writes it: a pointer for an id, parameters quoted, expires once more.
        var read = Read("""
            <?xml version="1.0"?>
            <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="2" state="full">
            	<registration aor="sip:1001@ims.test" id="0x7f1" state="active">
            		<contact id="0x7f2" state="active" event="registered" expires="540" q="0.000">
            			<uri>sip:1001@abc123.invalid;transport=ws</uri>
            		<unknown-param name="+sip.instance">"&lt;urn:uuid:0-1&gt;"</unknown-param>
            		<unknown-param name="expires">"600"</unknown-param>
            		<unknown-param name="audio"></unknown-param>
            		</contact>
            	</registration>
            	<registration aor="tel:+1" id="0x7f3" state="terminated">
            	</registration>
            </reginfo>
            """);
        Assert.Equal((2u, true, 2), (read.Version, read.IsFull, read.Registrations.Count));
        var contact = Assert.Single(read.Registrations[0].Contacts);
        Assert.Equal(("sip:1001@abc123.invalid;transport=ws", 540u, false), (contact.Uri, contact.Expires!.Value, contact.IsTerminated));
        Assert.Equal("<urn:uuid:0-1>", contact.Parameters["+sip.instance"]);
        Assert.Equal((RegInfoState.Terminated, 0), (read.Registrations[1].State, read.Registrations[1].Contacts.Count));
    }

    [Fact]
    public void Elements_of_other_names_and_other_namespaces_are_passed_over()
    {
        var read = Read(Document(
            """<registration aor="a" id="1" state="active"><x><contact/></x><contact xmlns="urn:other" event="expired"><uri>z</uri>"""
            + """</contact><contact id="1" state="active" event="created"><display-name>A</display-name><uri>u</uri><y/></contact>"""
            + """<contact id="2" state="active" event="created"/></registration><more/>"""));
        Assert.Equal("u", Assert.Single(Assert.Single(read.Registrations).Contacts).Uri);
    }

    [Fact]
    public void A_contact_that_is_gone_is_gone_whatever_its_event_is_called()
    {
        var read = Read(Document(
            """<registration aor="a" id="1" state="active"><contact id="1" state="terminated" event="mislaid"><uri>u</uri></contact>"""
            + """<contact id="2" state="terminated" event="registered"><uri>v</uri></contact></registration>"""));
        Assert.All(read.Registrations[0].Contacts, contact => Assert.True(contact.IsTerminated));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no XML")]
    [InlineData("<reginfo/>")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" state=\"full\"/>")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"-1\" state=\"full\"/>")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"whole\"/>")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\">")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\"/><x/>")]
    [InlineData("<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\"><registration/></reginfo>")]
    public void What_is_no_reginfo_is_refused(string text) => Assert.False(RegInfo.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void A_document_with_a_type_definition_is_refused_and_no_entity_grows()
    {
        const string Bomb = """
            <?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>
            <reginfo xmlns="urn:ietf:params:xml:ns:reginfo" version="1" state="full">
            <registration aor="&b;&c;" id="1" state="active"/></reginfo>
            """;
        Assert.False(RegInfo.TryParse(Encoding.UTF8.GetBytes(Bomb), out _));
    }

    [Fact]
    public void A_document_of_too_many_contacts_or_bytes_is_refused()
    {
        var one = "<contact id=\"1\" event=\"created\"><uri>u</uri></contact>";
        Assert.True(RegInfo.TryParse(Bytes(1000), out _));
        Assert.False(RegInfo.TryParse(Bytes(1300), out _));
        Assert.False(RegInfo.TryParse(Encoding.UTF8.GetBytes(Document(string.Concat(Enumerable.Repeat(
            "<registration aor=\"\" state=\"init\"/>", RegInfo.MostContacts - 1000)) + new string(' ', 70_000))), out _));

        byte[] Bytes(int contacts) => Encoding.UTF8.GetBytes(Document(
            $"<registration aor=\"a\" id=\"1\" state=\"active\">{string.Concat(Enumerable.Repeat(one, contacts))}</registration>"));
    }

    [Fact]
    public void Deep_nesting_is_only_long()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 9000)) + string.Concat(Enumerable.Repeat("</a>", 9000));
        Assert.True(RegInfo.TryParse(Encoding.UTF8.GetBytes(Document(deep)), out _));
    }

    [Fact]
    public void Any_bytes_and_any_cut_or_changed_document_leave_the_reader_standing()
    {
        var whole = Example.ToBytes();
        Gen.Byte.Array[0, 300].Sample(bytes => RegInfo.TryParse(bytes, out _) || true);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cut) =>
        {
            var bytes = cut ? whole[..at] : (byte[])whole.Clone();
            if (!cut) bytes[at] = value;
            return !RegInfo.TryParse(bytes, out var info) || info.ToBytes().Length > 0;
        });
    }

    [Fact]
    public void What_XML_cannot_hold_is_left_out_of_a_document()
    {
        var contact = new RegInfoContact("c", RegInfoEvent.Created, "sip:\u0001\uFFFFz@x");
        var odd = new RegInfo(1, true, [new("sip:a\0b@x", "r", RegInfoState.Active, [contact])]);
        Assert.Equal("sip:z@x", Read(Encoding.UTF8.GetString(odd.ToBytes())).Registrations[0].Contacts[0].Uri);
    }

    static string Document(string content) =>
        $"<reginfo xmlns=\"urn:ietf:params:xml:ns:reginfo\" version=\"1\" state=\"full\">{content}</reginfo>";

    static RegInfo Read(string text)
    {
        Assert.True(RegInfo.TryParse(Encoding.UTF8.GetBytes(text), out var info));
        return info;
    }
}
