/** An OTLP receiver on a real socket: takes traces and metrics as JSON, and keeps them in a plain form. */

export interface Span {
  scope: string;
  name: string;
  id: string;
  parent: string;
  kind: number;
  /** Milliseconds since the epoch. */
  start: number;
  end: number;
  failed: boolean;
  attributes: Record<string, unknown>;
}

export interface Point {
  name: string;
  unit: string;
  attributes: Record<string, unknown>;
  /** Of a histogram. */
  count?: number;
  bounds?: number[];
  /** Of a histogram, or a counter's value. */
  sum: number;
}

export interface OtlpReceiver {
  /** What makes a Deno process export to it, soon. */
  env: Record<string, string>;
  spans: Span[];
  /** The last state of every metric of a scope. */
  points(scope: string): Point[];
  /** The span that matches, once it is there. */
  span(match: (span: Span) => boolean): Promise<Span>;
  /** Every attribute of a scope's spans and metrics, as text. */
  text(scope: string): string;
  close(): Promise<void>;
}

/** As far as it is read here: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
interface Attribute {
  key: string;
  value: Record<string, unknown>;
}
interface Scoped<K extends string, T> {
  scopeSpans?: ({ scope: { name: string } } & Record<K, T[]>)[];
  scopeMetrics?: ({ scope: { name: string } } & Record<K, T[]>)[];
}
interface RawSpan {
  name: string;
  spanId: string;
  parentSpanId: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code: number };
  attributes: Attribute[];
}
interface RawPoint {
  attributes: Attribute[];
  count?: string;
  sum?: number;
  explicitBounds?: number[];
  asInt?: string;
  asDouble?: number;
}
interface RawMetric {
  name: string;
  unit: string;
  histogram?: { dataPoints: RawPoint[] };
  sum?: { dataPoints: RawPoint[] };
}

export function startOtlpReceiver(): OtlpReceiver {
  const spans: Span[] = [];
  const points = new Map<string, Point[]>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const body = await request.json();
    if (request.url.endsWith("/v1/traces")) spans.push(...readSpans(body.resourceSpans));
    for (const { scopeMetrics = [] } of (body.resourceMetrics ?? []) as Scoped<"metrics", RawMetric>[]) {
      for (const { scope, metrics } of scopeMetrics) points.set(scope.name, metrics.flatMap(readMetric));
    }
    return Response.json({});
  });
  const pointsOf = (scope: string) => points.get(scope) ?? [];
  return {
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${server.addr.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "50",
      OTEL_METRIC_EXPORT_INTERVAL: "100",
    },
    spans,
    points: pointsOf,
    async span(match) {
      for (let attempt = 0; attempt < 500; attempt++) {
        const found = spans.find(match);
        if (found !== undefined) return found;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`Cannot find the span among ${JSON.stringify(spans, null, 2)}`);
    },
    text: (scope) => JSON.stringify([spans.filter((span) => span.scope === scope), pointsOf(scope)]),
    close: () => server.shutdown(),
  };
}

function readSpans(resources: Scoped<"spans", RawSpan>[]): Span[] {
  return resources.flatMap(({ scopeSpans = [] }) => scopeSpans).flatMap(({ scope, spans }) =>
    spans.map((span) => ({
      scope: scope.name,
      name: span.name,
      id: span.spanId,
      parent: span.parentSpanId,
      kind: span.kind,
      start: Number(span.startTimeUnixNano) / 1e6,
      end: Number(span.endTimeUnixNano) / 1e6,
      failed: span.status.code === 2,
      attributes: readAttributes(span.attributes),
    }))
  );
}

function readMetric({ name, unit, histogram, sum }: RawMetric): Point[] {
  return (histogram ?? sum)?.dataPoints.map((point) => ({
    name,
    unit,
    attributes: readAttributes(point.attributes),
    ...(point.count !== undefined && { count: Number(point.count) }),
    ...(point.explicitBounds !== undefined && { bounds: point.explicitBounds }),
    sum: Number(point.sum ?? point.asInt ?? point.asDouble),
  })) ?? [];
}

function readAttributes(attributes: Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, readValue(value)]));
}

function readValue(value: Record<string, unknown>): unknown {
  const list = value.arrayValue as { values: Record<string, unknown>[] } | undefined;
  return list === undefined ? Object.values(value)[0] : list.values.map(readValue);
}
