"""The operators' side: the API under /v1/admin with a bearer token, and the dashboard at /admin."""

from litestar import Router
from litestar.di import Provide
from sqlalchemy.exc import SQLAlchemyError

from service.web.admin import (
    audit,
    away,
    dashboard,
    dashboard_actions,
    deliveries,
    events,
    lists,
    mail,
    run_page,
    runs,
    sign_in,
    stats,
    subscribers,
    suppressions,
    terms,
    why,
)
from service.web.admin.operator import by_api, by_dashboard
from service.web.http.operator_auth import operators_only

API = Router(
    "/v1/admin",
    guards=[operators_only],
    dependencies={"operator": Provide(by_api, sync_to_thread=False)},
    tags=["Operators"],
    response_headers={"Cache-Control": "no-store"},
    route_handlers=[
        stats.show_stats,
        events.list_events,
        events.show_event,
        events.replay_event,
        events.replay_events,
        runs.list_runs,
        runs.show_run,
        runs.show_contents,
        runs.release_run,
        runs.cancel_run,
        deliveries.list_deliveries,
        deliveries.show_delivery,
        deliveries.search_deliveries,
        suppressions.list_suppressions,
        suppressions.search_suppressions,
        suppressions.add_suppression,
        suppressions.lift_suppression,
        subscribers.show_subscriber,
        subscribers.export_subscriber,
        subscribers.erase_subscriber,
        terms.list_terms,
        terms.publish_terms,
        audit.list_acts,
        mail.show_hold,
        why.explain,
        why.explain_address,
        mail.hold_mail,
        mail.release_mail,
    ],
)

DASHBOARD = Router(
    "/admin",
    include_in_schema=False,
    exception_handlers={SQLAlchemyError: away.on_store_away, OSError: away.on_store_away},
    dependencies={"operator": Provide(by_dashboard, sync_to_thread=False)},
    route_handlers=[
        dashboard.show,
        run_page.show_run,
        sign_in.sign_in,
        sign_in.sign_out,
        lists.show_runs,
        lists.show_events,
        lists.search_events,
        lists.show_deliveries,
        lists.show_suppressions,
        lists.show_terms,
        lists.show_audit,
        dashboard_actions.release_run,
        dashboard_actions.cancel_run,
        dashboard_actions.replay_event,
        dashboard_actions.search,
        dashboard_actions.suppress,
        dashboard_actions.lift,
        dashboard_actions.hold_mail,
        why.page_of_item,
        why.page_of_address,
        dashboard_actions.release_mail,
    ],
)
