"""The passwords of ten or more characters that a guesser tries first, some of them only here."""

# fmt: off
COMMON = frozenset({
    "1234567890", "0123456789", "0987654321", "9876543210", "12345678910", "1234567891", "1111111111", "0000000000",
    "1q2w3e4r5t", "q1w2e3r4t5", "qwertyuiop", "qwerty1234", "qwerty12345", "qwerty123456", "asdfghjkl1",
    "1qaz2wsx3edc", "zaq12wsxcde", "password12", "password123", "password1234", "passw0rd123", "p@ssw0rd123",
    "p@ssword123", "password!!", "iloveyou12", "iloveyou123", "administrator", "adminadmin", "admin12345",
    "admin123456", "welcome123", "welcome1234", "letmein123", "letmein1234", "changeme123", "changemenow",
    "sunshine123", "princess123", "football123", "basketball", "superman123", "pokemon123", "dragon1234",
    "monkey1234", "michael123", "philippines", "pilipinas1", "pilipinas123", "mahalkita1", "mahalkita123",
    "mahalkoikaw", "jesuschrist", "jesus12345", "godisgood1", "godblessyou", "msusnd2024", "msusnd2025", "msusnd2026",
    "rotccadet1", "rotccadet123", "rotc123456", "rotcrotc123", "cadet12345", "cadetcadet", "mindanao123",
    "abcdefghij", "abcd123456", "abc1234567", "abcdefg123", "a123456789",
})
# fmt: on
