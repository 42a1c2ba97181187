import { keptIncidents } from '../alert/register.ts';
import { Acceptances } from '../detect/acceptance/acceptances.ts';
import { readAcceptance, toDocument } from '../detect/acceptance/document.ts';
import type { Acceptance } from '../model/acceptance.ts';
import type { Alert } from '../model/alert.ts';
import type { KnownIncident } from '../model/known-incident.ts';
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

/** What stands in the store. */
export interface Accepted {
  /** The newest first, those that have expired included. */
  readonly acceptances: readonly Acceptance[];
  /** Incidents whose acceptance cannot be read: they count as not accepted. */
  readonly unreadable: readonly string[];
}

/** Where incidents are looked at, accepted, and taken back, on a person's behalf. Every act leaves a line in the audit journal. */
export class AcceptanceDesk {
  readonly documents: Documents;

  constructor(documents: Documents) {
    this.documents = documents;
  }

  /** The newest first. */
  async incidents(now: Nanos): Promise<readonly KnownIncident[]> {
    const acceptances = new Acceptances();
    acceptances.replace(await this.accepted());
    return (await keptIncidents(this.documents)).map((alert) => known(alert, acceptances, now));
  }

  /** Rejects when none is known by this id. */
  async incident(id: string, now: Nanos): Promise<KnownIncident> {
    const found = (await this.incidents(now)).find(({ alert }) => alert.incident?.id === id);
    if (!found)
      throw new Error(`no incident ${id} in ${this.documents.name}; \`creance incidents\` lists those that are known`);
    return found;
  }

  /**
   * Makes known what the incident accused, in its scopes, until `expires`. `reference` is its id, and behind a dot the number of
   * accusations that were looked at: rejects where it has grown since. Accepting it again takes the place of the first time.
   */
  async accept(reference: string, act: Act & { readonly expires?: Nanos }): Promise<Acceptance> {
    const [id = '', looked] = reference.split('.');
    const { alert, accusations } = await this.incident(id, act.at);
    if (looked !== undefined && looked !== String(accusations))
      throw new Error(
        `incident ${id} accuses more than it did (${accusations}, not ${looked}): look at it again with \`creance incidents ${id}\``,
      );
    if (accusations === 0) throw new Error(`incident ${id} accuses nothing that could be accepted`);
    const { by, at, reason, expires } = act;
    const acceptance: Acceptance = {
      incident: id,
      at,
      by,
      ...(expires !== undefined && { expires }),
      ...(reason !== undefined && { reason }),
      summary: alert.annotations.summary ?? '',
      places: alert.incident?.places ?? [],
    };
    await this.#put('accept', acceptance, act);
    return acceptance;
  }

  async accepted(): Promise<readonly Acceptance[]> {
    return (await this.read()).acceptances;
  }

  async read(): Promise<Accepted> {
    const documents = [...(await this.documents.all(ACCEPTED))];
    const acceptances = documents.flatMap(([, document]) => readAcceptance(document) ?? []);
    const unreadable = documents.filter(([, document]) => !readAcceptance(document)).map(([id]) => id);
    return { acceptances: acceptances.sort((a, b) => (a.at < b.at ? 1 : -1)), unreadable };
  }

  /** Takes an acceptance back: what it made known is accused again. Rejects when there is none. */
  async revoke(id: string, act: Act): Promise<Acceptance> {
    const acceptance = (await this.accepted()).find(({ incident }) => incident === id);
    if (!acceptance) throw new Error(`incident ${id} is not accepted; \`creance accepted\` lists those that are`);
    await this.#audit('revoke', acceptance, act);
    await this.documents.remove(ACCEPTED, id);
    return acceptance;
  }

  /** Gives an acceptance back to a store that has forgotten it. */
  restore(acceptance: Acceptance, at: Nanos): Promise<void> {
    const { by, reason } = acceptance;
    return this.#put('restore', acceptance, { by, at, ...(reason !== undefined && { reason }) });
  }

  /** Every act so far, the oldest first, one object of JSON each. */
  history(): Promise<readonly unknown[]> {
    return this.documents.lines(AUDIT);
  }

  /** The line first: nothing may be accepted that the journal does not tell of. */
  async #put(kind: AuditedAct, acceptance: Acceptance, act: Act): Promise<void> {
    await this.#audit(kind, acceptance, act);
    await this.documents.put(ACCEPTED, acceptance.incident, toDocument(acceptance));
  }

  async #audit(act: AuditedAct, { incident, expires, summary, places }: Acceptance, { by, at, reason }: Act) {
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

type AuditedAct = 'accept' | 'revoke' | 'restore';

const known = (alert: Alert, acceptances: Acceptances, now: Nanos): KnownIncident => {
  const { places = [], partial = false } = alert.incident ?? {};
  const accusations = places.reduce((sum, { names }) => sum + names.length, 0);
  const isAccepted = accusations > 0 && !partial && places.every((place) => acceptances.coversAll(place, now));
  const open = alert.endsAt === undefined ? 'firing' : 'resolved';
  return { alert, accusations, partial, state: isAccepted ? 'accepted' : open };
};

export const openDesk = async (url: string, log: Logger): Promise<AcceptanceDesk> =>
  new AcceptanceDesk(await openDocuments(url, log));
