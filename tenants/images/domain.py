"""This is what images bring to the whole."""

from tenants.domain import Domain, Export
from tenants.images import policy, service
from tenants.images.tables import images

DOMAIN = Domain(
    name="images",
    tables=(images,),
    policies=(policy,),
    quotas=(service.IMAGES_A_DAY,),
    sweeps=(service.Collector.of,),
    erases=(service.FORGET,),
    export=Export(why={images: "uploaded by them"}),
)
