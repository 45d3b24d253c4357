namespace Tandem.Worlds;

/// <summary>The words of titles. Categories are in order of size: the first has the most videos.</summary>
internal static class CategoryWords
{
    public static readonly string[] Names =
    [
        "comedy", "music", "football", "cooking", "gaming", "pets", "fashion", "travel",
        "fitness", "news", "crafts", "science", "dance", "beauty", "cars", "art",
        "parenting", "finance", "gardening", "history", "languages", "photography", "magic", "chess",
    ];

    /// <summary>Words of each category, in the order of <see cref="Names"/>.</summary>
    public static readonly string[][] OfCategory =
    [
        ["prank", "sketch", "joke", "laugh", "awkward", "neighbour", "parody", "standup", "fail", "impression"],
        ["song", "guitar", "chorus", "piano", "remix", "drums", "live", "acoustic", "lyrics", "band"],
        ["goal", "keeper", "derby", "penalty", "league", "dribble", "transfer", "stadium", "header", "coach"],
        ["recipe", "oven", "garlic", "pasta", "crispy", "sauce", "dough", "spicy", "grill", "dessert"],
        ["boss", "speedrun", "loot", "level", "combo", "console", "quest", "respawn", "arcade", "patch"],
        ["puppy", "kitten", "parrot", "paws", "rescue", "treats", "leash", "hamster", "purring", "vet"],
        ["outfit", "denim", "runway", "vintage", "sneakers", "wardrobe", "styling", "linen", "jacket", "thrift"],
        ["island", "train", "hostel", "passport", "sunset", "backpack", "temple", "border", "ferry", "lagoon"],
        ["squat", "reps", "plank", "stretch", "marathon", "cardio", "deadlift", "warmup", "muscle", "pushup"],
        ["election", "minister", "breaking", "report", "summit", "protest", "budget", "court", "witness", "storm"],
        ["drill", "plywood", "glue", "sanding", "shelf", "knitting", "repair", "workshop", "varnish", "hinge"],
        ["atom", "orbit", "fossil", "neuron", "lab", "gravity", "enzyme", "telescope", "quantum", "magma"],
        ["choreo", "salsa", "ballet", "footwork", "spin", "rhythm", "tango", "freestyle", "hiphop", "duet"],
        ["lipstick", "serum", "eyeliner", "blush", "curls", "nails", "glow", "mascara", "braids", "skincare"],
        ["engine", "turbo", "clutch", "drift", "garage", "exhaust", "sedan", "tyres", "restoration", "torque"],
        ["sketchbook", "acrylic", "canvas", "portrait", "ink", "clay", "palette", "mural", "charcoal", "easel"],
        ["toddler", "bedtime", "stroller", "nursery", "tantrum", "lunchbox", "newborn", "crayons", "bottle", "nap"],
        ["dividend", "savings", "mortgage", "index", "inflation", "invoice", "credit", "stocks", "tax", "pension"],
        ["compost", "seedling", "roses", "pruning", "tomatoes", "soil", "greenhouse", "mulch", "herbs", "orchard"],
        ["empire", "castle", "archive", "pharaoh", "treaty", "legion", "medieval", "ruins", "dynasty", "relic"],
        ["verbs", "accent", "grammar", "slang", "vocabulary", "pronounce", "idiom", "dialect", "translate", "tones"],
        ["lens", "aperture", "exposure", "tripod", "shutter", "bokeh", "negative", "portraits", "flash", "darkroom"],
        ["deck", "vanish", "illusion", "coin", "levitate", "sleight", "wand", "rabbit", "shuffle", "mentalist"],
        ["gambit", "rook", "checkmate", "endgame", "bishop", "blitz", "fork", "opening", "castling", "sacrifice"],
    ];

    /// <summary>Words of any title.</summary>
    public static readonly string[] Anywhere =
    [
        "my", "best", "first", "day", "how", "to", "why", "never", "again", "easy", "secret", "night", "home", "city",
        "story", "part", "two", "minute", "challenge", "tips", "weekend", "friends", "new", "old", "perfect", "wrong",
    ];

    /// <summary>Words that promise more than the video holds.</summary>
    public static readonly string[] Loud =
    [
        "shocking", "unbelievable", "insane", "exposed",
    ];
}
