import { lazy } from 'react';
import { Redirect, Route, Switch } from 'wouter';
import { type SignedIn } from '../api/session.ts';
import { navigationOf, PATHS } from './navigation.ts';
import { NothingHereScreen } from './nothing-here.screen.tsx';

const screens = {
  facility: lazy(() => import('../facilities/facility.screen.tsx')),
  facilities: lazy(() => import('../facilities/facilities.screen.tsx')),
  sales: lazy(() => import('../sales/sales.screen.tsx')),
  order: lazy(() => import('../sales/order.screen.tsx')),
  explain: lazy(() => import('../explain/explain.screen.tsx')),
  entry: lazy(() => import('../explain/entry.screen.tsx')),
  ledger: lazy(() => import('../ledger/ledger.screen.tsx')),
  decisions: lazy(() => import('../decisions/decisions.screen.tsx')),
  payout: lazy(() => import('../payouts/payout.screen.tsx')),
  premi: lazy(() => import('../payouts/premi.screen.tsx')),
  deposits: lazy(() => import('../payouts/deposits.screen.tsx')),
  reports: lazy(() => import('../reports/reports.screen.tsx')),
  overview: lazy(() => import('../overview/overview.screen.tsx')),
  lots: lazy(() => import('../lots/lots.screen.tsx')),
  lot: lazy(() => import('../lots/lot.screen.tsx')),
  lotCorrection: lazy(() => import('../lots/lot-correction.screen.tsx')),
  lotEntry: lazy(() => import('../lots/lot-entry.screen.tsx')),
  lotImport: lazy(() => import('../lots/import.screen.tsx')),
  makersEntry: lazy(() => import('../lots/makers-entry.screen.tsx')),
  months: lazy(() => import('../months/months.screen.tsx')),
  audit: lazy(() => import('../audit/audit.screen.tsx')),
  readings: lazy(() => import('../audit/readings.screen.tsx')),
  operations: lazy(() => import('../operations/operations.screen.tsx')),
  rejected: lazy(() => import('../operations/rejected.screen.tsx')),
  exceptions: lazy(() => import('../exceptions/exceptions.screen.tsx')),
  comparison: lazy(() => import('../exceptions/comparison.screen.tsx')),
  makers: lazy(() => import('../makers/makers.screen.tsx')),
  agreements: lazy(() => import('../agreements/agreements.screen.tsx')),
  agreementEditor: lazy(() => import('../agreements/editor.screen.tsx')),
  simulation: lazy(() => import('../agreements/simulation.screen.tsx')),
  adjustmentEntry: lazy(() => import('../adjustments/adjustment-entry.screen.tsx')),
  adjustment: lazy(() => import('../adjustments/adjustment.screen.tsx')),
  makerEvent: lazy(() => import('../makers/maker-event.screen.tsx')),
  settlementFile: lazy(() => import('../settlements/settlement-file.screen.tsx')),
  orders: lazy(() => import('../operations/orders.screen.tsx')),
  channels: lazy(() => import('../channels/channels.screen.tsx')),
  termsEntry: lazy(() => import('../channels/terms-entry.screen.tsx')),
  listings: lazy(() => import('../channels/listings.screen.tsx')),
  stores: lazy(() => import('../channels/stores.screen.tsx')),
  maker: lazy(() => import('../makers/maker.screen.tsx')),
  kiosk: lazy(() => import('../kiosk/kiosk.screen.tsx')),
};

/** Addresses and their screens. Where somebody begins, his roles say. */
export function Routes({ who }: { readonly who: SignedIn }) {
  const home = PATHS[navigationOf(who.grants)[0] ?? 'home'];
  const own = who.grants.find(({ kind }) => kind === 'facility')?.id;
  return (
    <Switch>
      <Route path="/">
        {home !== '/' ? (
          <Redirect to={home} replace />
        ) : own ? (
          <screens.facility facilityId={own} key={own} />
        ) : (
          <NothingHereScreen />
        )}
      </Route>
      <Route path="/facilities" component={screens.facilities} />
      <Route path="/facilities/:id">
        {({ id }) => <screens.facility facilityId={decodeURIComponent(id)} key={id} />}
      </Route>
      <Route path="/sales" component={screens.sales} />
      <Route path="/sales/:channel/:reference">
        {({ channel, reference }) => (
          <screens.order channel={channel} reference={decodeURIComponent(reference)} key={reference} />
        )}
      </Route>
      <Route path="/sales/:channel/:reference/explain">
        {({ channel, reference }) => (
          <screens.explain channel={channel} reference={decodeURIComponent(reference)} key={reference} />
        )}
      </Route>
      <Route path="/ledger" component={screens.ledger} />
      <Route path="/entries/:account/:version">
        {({ account, version }) => (
          <screens.entry account={decodeURIComponent(account)} version={version} key={`${account}/${version}`} />
        )}
      </Route>
      <Route path="/decisions" component={screens.decisions} />
      <Route path="/payouts/:id">{({ id }) => <screens.payout payoutId={id} key={id} />}</Route>
      <Route path="/premi" component={screens.premi} />
      <Route path="/deposits" component={screens.deposits} />
      <Route path="/reports" component={screens.reports} />
      <Route path="/overview" component={screens.overview} />
      <Route path="/lots" component={screens.lots} />
      <Route path="/lots/new" component={screens.lotEntry} />
      <Route path="/lots/import" component={screens.lotImport} />
      <Route path="/lots/:id">{({ id }) => <screens.lot lotId={decodeURIComponent(id)} key={id} />}</Route>
      <Route path="/lots/:id/correction">
        {({ id }) => <screens.lotCorrection lotId={decodeURIComponent(id)} key={id} />}
      </Route>
      <Route path="/lots/:id/makers">
        {({ id }) => <screens.makersEntry lotId={decodeURIComponent(id)} key={id} />}
      </Route>
      <Route path="/months" component={screens.months} />
      <Route path="/audit" component={screens.audit} />
      <Route path="/readings" component={screens.readings} />
      <Route path="/operations" component={screens.operations} />
      <Route path="/rejected" component={screens.rejected} />
      <Route path="/exceptions" component={screens.exceptions} />
      <Route path="/exceptions/:subject/:reference">
        {({ subject, reference }) => (
          <screens.comparison
            subject={subject}
            reference={decodeURIComponent(reference)}
            key={`${subject} ${reference}`}
          />
        )}
      </Route>
      <Route path="/makers" component={screens.makers} />
      <Route path="/agreements" component={screens.agreements} />
      <Route path="/agreements/new">{() => <screens.agreementEditor />}</Route>
      <Route path="/agreements/:id/:version/edit">
        {({ id, version }) => (
          <screens.agreementEditor id={decodeURIComponent(id)} version={version} key={`${id} ${version}`} />
        )}
      </Route>
      <Route path="/agreements/:id/:version/simulate">
        {({ id, version }) => (
          <screens.simulation id={decodeURIComponent(id)} version={version} key={`${id} ${version}`} />
        )}
      </Route>
      <Route path="/makers/:id">{({ id }) => <screens.maker makerId={decodeURIComponent(id)} key={id} />}</Route>
      <Route path="/adjustments/new" component={screens.adjustmentEntry} />
      <Route path="/adjustments/:id">{({ id }) => <screens.adjustment adjustmentId={id} key={id} />}</Route>
      <Route path="/maker-events/:id">{({ id }) => <screens.makerEvent eventId={id} key={id} />}</Route>
      <Route path="/channels" component={screens.channels} />
      <Route path="/channels/:id/terms">{({ id }) => <screens.termsEntry channelId={id} key={id} />}</Route>
      <Route path="/channels/:id/listings/:version">
        {({ id, version }) => <screens.listings channelId={id} version={version} key={`${id} ${version}`} />}
      </Route>
      <Route path="/channels/:id/stores/:version">
        {({ id, version }) => <screens.stores channelId={id} version={version} key={`${id} ${version}`} />}
      </Route>
      <Route path="/orders" component={screens.orders} />
      <Route path="/settlements" component={screens.settlementFile} />
      <Route path="/kiosk" component={screens.kiosk} />
      <Route component={NothingHereScreen} />
    </Switch>
  );
}
