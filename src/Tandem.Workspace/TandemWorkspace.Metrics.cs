using System.Globalization;
using System.Text;

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
        text.Append("# HELP tandem_prediction_latency_seconds Time to answer, in process.\n")
            .Append("# TYPE tandem_prediction_latency_seconds summary\n");
        Quantile("0.5", now.Serving.P50Milliseconds);
        Quantile("0.99", now.Serving.P99Milliseconds);
        Add("tandem_model_version", "gauge", "Champion that serves, 0 before the first.", now.Registry.Champion ?? 0);
        Add("tandem_drift_reports_total", "counter", "Drift reports written.", now.Monitoring.Reports);
        Add("tandem_alerts_total", "counter", "Alerts raised.", now.Monitoring.Alerts);
        Add("tandem_realised_error_ratio", "gauge", "Realised errors in the detector's window.",
            now.Monitoring.ErrorRate ?? double.NaN);
        return text.ToString();

        void Add(string name, string type, string help, double value) => text.Append(
            CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value:R}\n");

        void Quantile(string share, double milliseconds) => text.Append(
            CultureInfo.InvariantCulture,
            $"tandem_prediction_latency_seconds{{quantile=\"{share}\"}} {milliseconds / 1000:R}\n");
    }
}
