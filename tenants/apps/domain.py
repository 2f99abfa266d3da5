"""This is what third-party apps bring to the whole."""

from tenants.apps import policy
from tenants.apps.service import APPS
from tenants.apps.tables import apps, old_app_secrets
from tenants.domain import Domain, Export
from tenants.viewer import Principal

DOMAIN = Domain(
    name="apps",
    tables=(apps, old_app_secrets),
    policies=(policy,),
    procedures=(policy.THIRD_PARTY_APPS,),
    standings={Principal.APP: policy.STANDING},
    quotas=(APPS,),
    keeps={apps: "who registered an app, by id"},
    export=Export(why={apps: "registered by them"}),
)
