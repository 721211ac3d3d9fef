import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ReportSession } from '../../src/datacenter/report-session.ts';
import { encodeReport, type Report } from '../../src/wire/report-lines.ts';
import { START_SECONDS, aggregateOf, minimalReport, reportOf, serversOf } from '../support/datacenter-reports.ts';

function openSession(aggregate = aggregateOf(), connection = 1) {
  const rejections: string[] = [];
  const session = new ReportSession({
    connection,
    aggregate,
    onReject: (reason, detail) => rejections.push(detail === null ? reason : `${reason}: ${detail}`),
  });
  const send = (text: string | Uint8Array) => session.receive(Buffer.from(text), START_SECONDS);
  const sendReport = (report: Report) => send(`${JSON.stringify(report)}\n`);
  return { aggregate, session, rejections, send, sendReport };
}

const ack = (bootId: number, sequence: number) => `{"type":"ack","boot_id":${bootId},"sequence":${sequence}}\n`;

describe('acknowledgement', () => {
  test('of each report with a boot id and a sequence number', () => {
    const { sendReport } = openSession();
    assert.equal(sendReport(reportOf(0, { boot_id: 9, sequence: 0 })), ack(9, 0));
    assert.equal(sendReport(reportOf(0, { boot_id: 9, sequence: 1 })), ack(9, 1));
  });

  test('of two reports that come in one piece, in order', () => {
    const { send } = openSession();
    const lines = [1, 2].map((sequence) => JSON.stringify(reportOf(0, { boot_id: 9, sequence })));
    assert.equal(send(`${lines.join('\n')}\n`), ack(9, 1) + ack(9, 2));
  });

  test('not of a report that lacks either', () => {
    const { aggregate, sendReport } = openSession();
    assert.equal(sendReport(minimalReport(0)), '');
    assert.equal(sendReport(minimalReport(0, { sequence: 3 })), '');
    assert.equal(sendReport(minimalReport(0, { boot_id: 3 })), '');
    assert.equal(aggregate.racks[0]?.received, 3);
  });

  test('of a report in parts, once, with its last part; also when it comes again', () => {
    const { aggregate, send } = openSession();
    const report = reportOf(0, { boot_id: 9, sequence: 4, servers: serversOf(0, 20) });
    const lines = encodeReport(report, 2500);
    assert.ok(lines.length > 2, `${lines.length} lines`);
    const answersOf = () => lines.map((line) => send(`${line}\n`));
    const expected = lines.map((_, index) => (index === lines.length - 1 ? ack(9, 4) : ''));
    assert.deepEqual(answersOf(), expected);
    assert.deepEqual(answersOf(), expected);
    assert.equal(aggregate.racks[0]?.received, 1);
    assert.equal(aggregate.rejected('duplicate'), lines.length);
    assert.deepEqual(aggregate.health(START_SECONDS).racks[0]?.servers, serversOf(0, 20));
  });

  test('again, after a reconnect, of what was taken before and whose acknowledgement was lost', () => {
    const { aggregate, session, sendReport } = openSession();
    sendReport(reportOf(0, { boot_id: 9, sequence: 1 }));
    session.close();
    const again = openSession(aggregate, 2);
    assert.equal(again.sendReport(reportOf(0, { boot_id: 9, sequence: 1 })), ack(9, 1));
    assert.equal(again.sendReport(reportOf(0, { boot_id: 9, sequence: 2 })), ack(9, 2));
    assert.equal(aggregate.racks[0]?.received, 2);
    assert.equal(aggregate.racks[0]?.missed, 0);
  });

  test('not of a report that was turned away', () => {
    const { aggregate, sendReport } = openSession();
    sendReport(reportOf(0));
    const rival = openSession(aggregate, 2);
    assert.equal(rival.sendReport(reportOf(0, { boot_id: 9 })), '');
    assert.equal(rival.sendReport(reportOf(4)), '');
    assert.deepEqual(rival.rejections, ['conflict', 'unexpected-rack']);
  });
});

describe('bad lines', () => {
  test('are counted by reason, with a detail that names the field, and the next line is read', () => {
    const { aggregate, rejections, send, sendReport } = openSession();
    assert.equal(send('{"rack_id":0\n\n[]\nnull\n{"rack_id":-1}\n\u0000\u0001\n'), '');
    assert.equal(aggregate.rejected('bad-json'), 3);
    assert.equal(aggregate.rejected('bad-report'), 3);
    assert.match(rejections[4] ?? '', /^bad-report: rack_id: /);
    assert.equal(sendReport(reportOf(0, { boot_id: 9, sequence: 1 })), ack(9, 1));
  });

  test('above 1 MiB count once, however they come', () => {
    const { aggregate, send, sendReport } = openSession();
    const piece = Buffer.alloc(65_536, 'x');
    for (let index = 0; index < 160; index++) assert.equal(send(piece), '');
    assert.equal(send('\n'), '');
    assert.equal(aggregate.rejected('too-long'), 1);
    assert.equal(sendReport(reportOf(0, { boot_id: 9, sequence: 1 })), ack(9, 1));
  });

  test('of somebody who claims another rack change no verdict of it', () => {
    const { aggregate, sendReport } = openSession();
    sendReport(reportOf(0));
    const before = aggregate.health(START_SECONDS);
    const liar = openSession(aggregate, 2);
    liar.sendReport(reportOf(0, { boot_id: 1, health_score: 0 }));
    liar.sendReport(reportOf(1, { servers: serversOf(0, 2) }));
    assert.deepEqual(aggregate.health(START_SECONDS), before);
    assert.equal(aggregate.rejected('bad-report'), 1);
  });
});
