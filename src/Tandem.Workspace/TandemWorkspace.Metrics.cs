using System.Globalization;
using System.Text;
using Tandem.Features;

namespace Tandem.Workspace;

public sealed partial class TandemWorkspace
{
    /// <summary>The numbers of this process in Prometheus text format 0.0.4.</summary>
    public string Metrics()
    {
        WorkspaceSnapshot now = Snapshot();
        StringBuilder text = new();
        Add("tandem_events_total", "counter", "Events appended by this process.", now.Log.Events);
        Add("tandem_log_end_bytes", "gauge", "End of the durable log.", now.Log.EndPosition);
        Add("tandem_lake_rows", "gauge", "Rows in the lake.", now.Lake.Rows);
        Add("tandem_lake_manifest", "gauge", "Number of the newest lake manifest.", now.Lake.Manifest);
        Add("tandem_requests_total", "counter", "Requests answered.", now.Serving.Requests);
        Add("tandem_request_errors_total", "counter", "Requests that failed for our fault.", now.Serving.Errors);
        Add("tandem_request_fallbacks_total", "counter", "Answers that needed the fallback.", now.Serving.Fallbacks);
        Summary(
            "tandem_prediction_latency_seconds", "Time to answer, in process.",
            now.Serving.P50Milliseconds, now.Serving.P99Milliseconds);
        Add("tandem_index_recall_ratio", "gauge", "Share of the true best candidates that the index finds, sampled.",
            now.Serving.IndexRecall ?? double.NaN);
        Add("tandem_index_recall_questions_total", "counter", "Requests of that sample.", now.Serving.IndexQuestions);
        AddFeatures(now);
        Add("tandem_model_version", "gauge", "Champion that serves, 0 before the first.", now.Registry.Champion ?? 0);
        Add("tandem_drift_reports_total", "counter", "Drift reports written.", now.Monitoring.Reports);
        Add("tandem_alerts_total", "counter", "Alerts raised.", now.Monitoring.Alerts);
        Add("tandem_realised_error_ratio", "gauge", "Realised errors in the detector's window.",
            now.Monitoring.ErrorRate ?? double.NaN);
        return text.ToString();

        void AddFeatures(WorkspaceSnapshot now)
        {
            Add("tandem_feature_memory_bytes", "gauge", "Memory of online series.", now.Features.MemoryBytes);
            Add("tandem_feature_memory_limit_bytes", "gauge", "Memory they may take, 0 for no limit.",
                now.Features.MemoryLimit);
            Add("tandem_feature_disk_bytes", "gauge", "File of online series without room in memory.",
                now.Features.DiskBytes);
            Add("tandem_feature_hits_total", "counter", "Series that were met in memory.", now.Features.Hits);
            Add("tandem_feature_misses_total", "counter", "Series that had to be unpacked.", now.Features.Misses);
            Add("tandem_feature_kept_total", "counter", "Reads answered as before.", _features?.Memory.Kept ?? 0);
            Add("tandem_feature_evictions_total", "counter", "Series that went to the disk.", now.Features.Evictions);
            (long asked, long failed) = _server?.Questions ?? default;
            Add("tandem_feature_server_requests_total", "counter", "Questions to the features' server.", asked);
            Add("tandem_feature_server_errors_total", "counter", "Of those, not answered.", failed);
            Summary(
                "tandem_feature_freshness_seconds", "From the append of an event until features know it.",
                now.Features.FreshnessP50Milliseconds, now.Features.FreshnessP99Milliseconds);
            text.Append("# HELP tandem_feature_newest_event_age_seconds Since the newest event of a view happened.\n")
                .Append("# TYPE tandem_feature_newest_event_age_seconds gauge\n");
            foreach (FeatureView view in _views)
            {
                if (NewestEvent(view) is { } newest)
                {
                    text.Append(
                        CultureInfo.InvariantCulture,
                        $"tandem_feature_newest_event_age_seconds{{view=\"{view.Name}\"}} {(now.Time - newest).TotalSeconds:R}\n");
                }
            }
        }

        void Summary(string name, string help, double medianMilliseconds, double slowMilliseconds) => text.Append(
            CultureInfo.InvariantCulture,
            $"# HELP {name} {help}\n# TYPE {name} summary\n{name}{{quantile=\"0.5\"}} {medianMilliseconds / 1000:R}\n{name}{{quantile=\"0.99\"}} {slowMilliseconds / 1000:R}\n");

        void Add(string name, string type, string help, double value) => text.Append(
            CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value:R}\n");
    }
}
