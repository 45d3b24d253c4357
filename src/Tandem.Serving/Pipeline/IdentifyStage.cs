namespace Tandem.Serving.Pipeline;

/// <summary>Who asks: index in the model, history with ages, items met.</summary>
internal sealed class IdentifyStage(UserActivity activity, bool excludeSeen) : IStage
{
    public string Name => "identify";

    public void Run(RequestContext context)
    {
        RecommendRequest request = context.Request;
        LiveModel live = context.Live;
        bool exclude = request.ExcludeSeen ?? excludeSeen;
        if (request.UserId is { } user)
        {
            context.User = live.Served.Users.Find(user);
            CopyHistory(context, user);
            if (exclude)
            {
                CopySeen(context, user);
            }
        }

        foreach (string id in request.History)
        {
            int item = live.Served.Items.Find(id);
            if (item >= 0)
            {
                context.AddHistory(item, 0);
                context.HistoryIsNew = true;
                if (exclude)
                {
                    AddSeen(context, item);
                }
            }
        }

        context.Note = context.User >= 0 ? "known user" : request.UserId is null ? "anonymous" : "new user";
    }

    private void CopyHistory(RequestContext context, string user)
    {
        Span<int> items = context.Scratch(context.History.Length);
        int count = activity.CopyPositives(user, items, context.Times, out long lastKnown);
        context.HistoryIsNew = lastKnown >= context.Model.AsOf.UtcTicks;
        for (int i = 0; i < count; i++)
        {
            int item = context.Live.ToModel(items[i]);
            if (item >= 0)
            {
                float age = (context.Now.UtcTicks - context.Times[i]) / (float)TimeSpan.TicksPerDay;
                context.AddHistory(item, Math.Max(0, age));
            }
        }
    }

    private void CopySeen(RequestContext context, string user)
    {
        int[] seen = [];
        int count = activity.CopySeen(user, needed => seen = context.SeenRoom(needed));
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            int item = context.Live.ToModel(seen[i]);
            if (item >= 0)
            {
                seen[kept++] = item;
            }
        }

        context.SeenCount = kept;
    }

    private static void AddSeen(RequestContext context, int item)
    {
        int[] larger = context.SeenRoom(context.SeenCount + 1);
        larger[context.SeenCount++] = item;
    }
}
