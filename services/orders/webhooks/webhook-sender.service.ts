import { type LookupAddress, lookup } from 'node:dns';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { isPublic, refusalOf, trustedHosts } from '../channels/public-address.ts';

/** Why a webhook was not taken, in words that tell nothing of what was sent. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
}

/** Sends webhooks: by https and to public addresses only, but to hosts that are trusted. */
@Injectable()
export class WebhookSender {
  readonly #trusted = trustedHosts();

  /**
   * Resolves when it was taken (2xx). It is led nowhere else: a redirection is no answer that counts.
   * @throws NotTaken
   */
  async post(
    address: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    answerMs: number,
  ): Promise<void> {
    const url = new URL(address);
    const refusal = refusalOf(url, this.#trusted);
    if (refusal !== undefined) throw new NotTaken(`its address ${refusal}`);
    const isTrusted = this.#trusted.has(url.host);
    const request = url.protocol === 'https:' ? requestTls : requestPlain;
    const status = await new Promise<number>((resolve, reject) => {
      const outgoing = request(
        url,
        {
          ...{ method: 'POST', headers: { ...headers, 'content-length': body.length } },
          ...{ agent: false, signal: AbortSignal.timeout(answerMs), ...(!isTrusted && { lookup: publicOnly }) },
        },
        (response) => {
          response.destroy(); // what it says beside its status is of no use
          resolve(response.statusCode ?? 0);
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    }).catch((error: Error) => {
      throw new NotTaken(wordsOf(error, answerMs));
    });
    if (status < 200 || status > 299) throw new NotTaken(`it answered ${status}`);
  }
}

/** The addresses that are looked at are those that are connected to: a name cannot mean others a moment later. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[] = []) => {
    const refused =
      error ??
      (addresses.every(({ address }) => isPublic(address)) ? undefined : new NotTaken('its address is not public'));
    if (refused) return callback(refused, [] as never, 0);
    const [first] = addresses;
    if (options.all) callback(null, addresses as never, 0);
    else callback(null, first?.address ?? '', first?.family ?? 0);
  });
};

function wordsOf(error: Error, answerMs: number): string {
  if (error instanceof NotTaken) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (error.name === 'TimeoutError' || error.name === 'AbortError' || code === 'ABORT_ERR')
    return `no answer within ${answerMs} ms`;
  return `no connection (${code ?? error.name})`;
}
