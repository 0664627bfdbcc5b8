Console.Error.WriteLine("portunus: no command yet");
return 2;
