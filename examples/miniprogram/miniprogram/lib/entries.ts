/** For whom somebody casts in a meeting of owners: their part of the property, and whoever gave them a proxy. */

import { OwnEntriesDocument, type OwnEntriesQuery, type OwnEntryFragment, type VoteScreenFragment } from '../generated/graphql';
import { run } from './api';
import { inWords } from './ballot';
import { moment } from './page';

type Node = Extract<OwnEntriesQuery['node'], { viewerEntries: unknown }>;

/** Who the viewer is, the entries of the roll that they cast for, and the proxies that they gave or hold. */
export interface Mine {
  me: string;
  entries: readonly OwnEntryFragment[];
  proxies: Node['proxies']['nodes'];
}

export const NOBODY: Mine = { me: '', entries: [], proxies: [] };

/** Ask for the entries of a meeting; of persons, each casts for themselves and nothing is asked. */
export async function entriesOf(meeting: { id: string; assembly?: object | null } | null | undefined): Promise<Mine> {
  if (!meeting?.assembly) return NOBODY;
  const { viewer, node } = await run(OwnEntriesDocument, { id: meeting.id });
  const found = node && 'viewerEntries' in node ? (node as Node) : null;
  return { me: viewer?.member?.id ?? '', entries: found?.viewerEntries ?? [], proxies: found?.proxies.nodes ?? [] };
}

/** An area comes in 0.01 m². */
export const squareMetres = (area: number): string => `${(area / 100).toFixed(2)} 平方米`;

/** The parts and the area of an entry: 1号楼 101、102，178.74 平方米. */
export function property({ parts, area }: OwnEntryFragment): string {
  const where = parts.map(({ building, room }) => `${building} ${room}`).join('、');
  return [where, area == null ? '' : squareMetres(area)].filter(Boolean).join('，');
}

/** Whether the entry is the viewer's own, and not one whose proxy they hold. */
export const isOwn = (entry: OwnEntryFragment, { me }: Mine): boolean => entry.voter?.id === me;

/** The entries that the viewer casts for, with what was cast in this vote; the chosen one is marked. */
export const choices = (vote: VoteScreenFragment, mine: Mine, chosen: string) =>
  mine.entries.map((entry) => {
    const ballot = vote.viewerBallots.find(({ entryId }) => entryId === entry.id);
    const isProxy = !isOwn(entry, mine);
    return {
      id: entry.id,
      label: `${isProxy ? '受委托：' : ''}${property(entry)}`,
      isChosen: entry.id === chosen,
      isProxy,
      words: ballot ? `已投：${inWords(vote, ballot.marks)}（${moment(ballot.castAt)}${ballot.channel === 'PROXY' ? '，受托人投' : ''}）` : '还没有投',
    };
  });

/** The ballot of an entry; without one, the viewer's own. */
export const ballotOf = ({ viewerBallot, viewerBallots }: VoteScreenFragment, entry: string) =>
  entry ? viewerBallots.find(({ entryId }) => entryId === entry) : viewerBallot;

/** What the proxy of an entry says of this vote: the holder casts it and nothing else. */
export const instructed = (vote: VoteScreenFragment, mine: Mine, entry: string): readonly number[] | null =>
  mine.proxies.find((proxy) => proxy.entry?.id === entry)?.instructions.find((each) => each.vote?.id === vote.id)?.marks ?? null;

/** To whom the viewer gave a proxy, said before they vote themselves. */
export const given = (mine: Mine): string[] =>
  mine.proxies
    .filter(({ entry }) => mine.entries.some((own) => own.id === entry?.id && isOwn(own, mine)))
    .map(({ holder, document }) => `您已委托${holder?.displayName ?? '一位已迁出的邻居'}投票（${document}）。您自己投的票会代替受托人投的。`);
