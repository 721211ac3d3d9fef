import './recent.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Mark } from '../status/mark.tsx';
import type { DatacenterEvent } from '../../wire/api/datacenter-event.ts';
import type { HealthModel } from '../store/health-model.ts';
import { useChaos } from '../store/hooks.ts';
import { useScheme } from '../theme/colours.ts';
import { UNKNOWN } from '../words/number-words.ts';
import { rackScoreWords } from '../words/state-words.ts';
import { markOfRack } from './rack-mark.ts';
import { RecentChart, type ScoreFloor } from './recent-chart.ts';
import { chaosSpans, faultSpans, floorOf, illSpans, lowestScore, racksToShow, scoreLine } from './recent-spans.ts';

/** More lines than these do not fit beside what is wrong now. */
const MOST_LINES = 8;
/** Px of a line, where there are few and where there are many. */
const ROOMY_HEIGHT = 46;
const TIGHT_HEIGHT = 32;
/** Px that names and scores take beside the lines; the same as in house.css. */
const BESIDE_WIDTH = 160;

/** The last quarter of an hour: a line a rack, all on one time axis. */
export function Recent({
  health,
  events,
}: {
  readonly health: HealthModel;
  readonly events: readonly DatacenterEvent[];
}) {
  const box = useRef<HTMLDivElement>(null);
  const widthPx = useChartWidth(box);
  const shown = racksToShow(health.history, MOST_LINES);
  const rest = health.history.size - shown.length;
  const heightPx = shown.length <= 5 ? ROOMY_HEIGHT : TIGHT_HEIGHT;
  const floor = floorOf(health.history, shown);
  return (
    <section class="panel" aria-labelledby="recent">
      <header>
        <h2 id="recent">The last 15 minutes</h2>
        <Key floor={floor} />
      </header>
      <div class="recent" ref={box} style={`--chart-height: ${heightPx}px`}>
        {widthPx > 0 &&
          shown.map((rackId, index) => (
            <RecentLine
              key={rackId}
              rackId={rackId}
              health={health}
              events={events}
              widthPx={widthPx}
              heightPx={heightPx}
              floor={floor}
              hasAxis={index === shown.length - 1}
            />
          ))}
      </div>
      {rest > 0 && (
        <p class="quiet">
          The {shown.length} racks with the lowest scores of that time; {rest} more were never worse.
        </p>
      )}
    </section>
  );
}

function Key({ floor }: { readonly floor: ScoreFloor }) {
  return (
    <span class="soft key">
      score, {floor} to 1 <i class="key-chaos" /> chaos <i class="key-fault" /> fault <i class="key-ill" /> a server ill
    </span>
  );
}

interface RecentLineProps {
  readonly rackId: number;
  readonly health: HealthModel;
  readonly events: readonly DatacenterEvent[];
  readonly widthPx: number;
  readonly heightPx: number;
  readonly floor: ScoreFloor;
  readonly hasAxis: boolean;
}

function RecentLine(of: RecentLineProps) {
  const { rackId, health } = of;
  const box = useRef<HTMLDivElement>(null);
  useRecentChart(box, of);
  const rack = health.tree.racks.find(({ rack_id: id }) => id === rackId);
  const score = rackScoreWords(rack);
  const lowest = lowestScore(health.history.get(rackId));
  return (
    <div class="recent-line">
      <span class="recent-name">Rack {rackId}</span>
      <div
        ref={box}
        role="img"
        aria-label={`Score of rack ${rackId}: ${score === UNKNOWN ? 'not known' : score} now, ${lowest.toFixed(3)} at the lowest.`}
      />
      <span class="recent-score">
        {score} {rack !== undefined && <Mark status={markOfRack(rack)} />}
      </span>
    </div>
  );
}

/** Keeps a chart in a box, and up to date. */
function useRecentChart(box: { readonly current: HTMLElement | null }, of: RecentLineProps): void {
  const { rackId, health, events, widthPx, heightPx, floor, hasAxis } = of;
  const chart = useRef<RecentChart | null>(null);
  const scheme = useScheme();
  const active = useChaos()?.injections;
  const history = health.history.get(rackId);
  useEffect(() => {
    if (box.current === null) return undefined;
    chart.current = new RecentChart({ box: box.current, widthPx, heightPx, floor, hasAxis });
    return () => chart.current?.close();
  }, [widthPx, heightPx, floor, hasAxis, scheme]);
  const now = health.tree.timestamp;
  // Once a second is as often as data come.
  const second = Math.floor(now);
  useEffect(() => {
    if (history === undefined) return;
    const [times, scores] = scoreLine(history);
    const chaos = chaosSpans(rackId, { active: active ?? [], events }, now);
    const [ill, faults] = [illSpans(rackId, events, now), faultSpans(rackId, events, now)];
    chart.current?.show({ times, scores, ill, chaos, faults, now });
  }, [second, history, events, active, widthPx, heightPx, floor, hasAxis, scheme]);
}

/** The room of a chart between its name and its score, px; 0 before it is known. */
function useChartWidth(box: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidth(Math.max(60, element.clientWidth - BESIDE_WIDTH)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [box]);
  return width;
}
