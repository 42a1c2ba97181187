import { keptIncidents } from '../alert/register.ts';
import { readAcceptance, toDocument } from '../detect/acceptance/document.ts';
import type { Acceptance } from '../model/acceptance.ts';
import type { Alert } from '../model/alert.ts';
import { type Nanos, toIso } from '../model/time.ts';
import type { Documents } from '../platform/documents.ts';
import type { Logger } from '../platform/log.ts';
import { openDocuments } from '../platform/open-documents.ts';

const ACCEPTED = 'accepted';
const AUDIT = 'audit';

/** Who does it, when, and why. */
export interface Act {
  readonly by: string;
  readonly at: Nanos;
  readonly reason?: string;
}

/** Where incidents are looked at, accepted, and taken back, on a person's behalf. Every act leaves a line in the audit journal. */
export class AcceptanceDesk {
  readonly documents: Documents;

  constructor(documents: Documents) {
    this.documents = documents;
  }

  /** The newest first. */
  incidents(): Promise<readonly Alert[]> {
    return keptIncidents(this.documents);
  }

  /** Rejects when none is known by this id. */
  async incident(id: string): Promise<Alert> {
    const found = (await this.incidents()).find(({ incident }) => incident?.id === id);
    if (!found)
      throw new Error(`no incident ${id} in ${this.documents.name}; \`creance incidents\` lists those that are known`);
    return found;
  }

  /** Makes known what the incident accused, in its scopes, until `expires`. Accepting it again takes the place of the first time. */
  async accept(id: string, { by, at, reason, expires }: Act & { readonly expires?: Nanos }): Promise<Acceptance> {
    const { annotations, incident } = await this.incident(id);
    const acceptance: Acceptance = {
      incident: id,
      at,
      by,
      ...(expires !== undefined && { expires }),
      ...(reason !== undefined && { reason }),
      summary: annotations.summary ?? '',
      places: incident?.places ?? [],
    };
    // The line first: nothing may be accepted that the journal does not tell of.
    await this.#audit('accept', acceptance, { by, at, ...(reason !== undefined && { reason }) });
    await this.documents.put(ACCEPTED, id, toDocument(acceptance));
    return acceptance;
  }

  /** What is accepted, the newest first, that which has expired included. */
  async accepted(): Promise<readonly Acceptance[]> {
    const documents = [...(await this.documents.all(ACCEPTED)).values()];
    return documents.flatMap((document) => readAcceptance(document) ?? []).sort((a, b) => (a.at < b.at ? 1 : -1));
  }

  /** Takes an acceptance back: what it made known is accused again. Rejects when there is none. */
  async revoke(id: string, act: Act): Promise<Acceptance> {
    const acceptance = (await this.accepted()).find(({ incident }) => incident === id);
    if (!acceptance) throw new Error(`incident ${id} is not accepted; \`creance accepted\` lists those that are`);
    await this.#audit('revoke', acceptance, act);
    await this.documents.remove(ACCEPTED, id);
    return acceptance;
  }

  /** Every act so far, the oldest first, one object of JSON each. */
  history(): Promise<readonly unknown[]> {
    return this.documents.lines(AUDIT);
  }

  async #audit(act: 'accept' | 'revoke', { incident, expires, summary, places }: Acceptance, { by, at, reason }: Act) {
    await this.documents.append(AUDIT, {
      time: toIso(at),
      act,
      by,
      incident,
      reason,
      expires: expires === undefined ? undefined : toIso(expires),
      summary,
      places,
    });
  }
}

export const openDesk = async (url: string, log: Logger): Promise<AcceptanceDesk> =>
  new AcceptanceDesk(await openDocuments(url, log));
